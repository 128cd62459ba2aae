//! A webhook that is not reached, or not believed: what a person is told, and how it comes right again.

use serde_json::json;

use super::shell::Shell;

const FILE: &str = "\
apiVersion: eksact.dev/v1alpha1
kind: ClusterConfig
metadata: {name: demo, region: us-west-2, version: \"1.34\"}
components: [{name: aws-load-balancer-controller, replicas: 1}]
";
const BOOTSTRAP: &str = "bootstrap -f inside.yaml --vpc-id vpc-12345678 --yes";

/// A cluster with a node, whose webhooks do as they are told.
fn cluster(webhook: &str) -> Shell {
    let it = Shell::with_workloads();
    let create = "create cluster --name demo --region us-west-2 --nodes 1 --skip-preflight";
    it.eksact(create).exits(0);
    it.file("inside.yaml", FILE);
    set(&it, webhook);
    it
}

fn set(it: &Shell, webhook: &str) {
    it.account.settings(json!({ "webhook": { "demo": webhook } }));
}

/// The objects of somebody else that a webhook would be asked about.
fn service() -> serde_json::Value {
    json!({ "apiVersion": "v1", "kind": "Service", "metadata": { "name": "web", "namespace": "default" },
            "spec": { "ports": [{ "port": 80 }] } })
}

#[test]
fn a_certificate_that_is_not_believed_is_named_and_the_next_run_goes_on() {
    for (webhook, why) in [("wrong-certificate", "unknown authority"), ("expired", "expired")] {
        let it = cluster(webhook);
        let ended = it.eksact(&format!("{BOOTSTRAP} --timeout 15s")).exits(4);
        let ended = ended
            .says("not ready yet: webhook/")
            .says(why)
            .says(&format!("eksact {}", BOOTSTRAP.replace(" --yes", "")));
        assert!(!ended.out.contains("delete cluster"), "{}", ended.out);
        set(&it, "");
        it.eksact(BOOTSTRAP).exits(0);
        it.kubectl("apply -f -", Some(&service()));
        it.eksact(BOOTSTRAP).exits(0).says("No changes");
    }
}

#[test]
fn a_server_that_starts_late_or_answers_nothing_is_waited_for() {
    for webhook in ["late", "hanging"] {
        let it = cluster(webhook);
        let mut run = it.start(BOOTSTRAP);
        run.until_it_says("waiting  webhook");
        assert!(run.is_running(), "{webhook}: {}", run.said());
        set(&it, "");
        let (code, said) = run.end();
        assert_eq!(code, Some(0), "{webhook}: {said}");
        it.kubectl("apply -f -", Some(&service()));
    }
}
