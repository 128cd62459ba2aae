//! A real API server: it takes every object as it stands, keeps it as it was sent, and refuses what the
//! load balancer controller's CRDs do not allow.

use std::io::Write;
use std::process::{Output, Stdio};

use serde_json::{Value, json};

use super::objects::{FULL, PLAIN, around, drawn};
use crate::cli::shell::Shell;

/// A cluster without nodes, and kubectl for it.
struct Server {
    shell: Shell,
}

impl Server {
    fn start() -> Self {
        let shell = Shell::with_kubernetes();
        shell.file("cluster.yaml", CLUSTER);
        shell.eksact("create cluster -f cluster.yaml").exits(0);
        Self { shell }
    }

    fn kubectl(&self, line: &str, input: &str) -> Output {
        let mut kubectl = self.shell.kubectl_command(line);
        let mut child =
            kubectl.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// Applies objects, with every field that the server does not know or finds twice refused.
    fn apply(&self, objects: &[Value], also: &str) -> Output {
        // In a list, kubectl would look at them itself instead of asking the server to.
        let stream: String = objects
            .iter()
            .map(|object| {
                format!(
                    "---
{object}
"
                )
            })
            .collect();
        let line = format!(
            "apply --server-side --force-conflicts --field-manager=eksact --validate=strict {also} -f -"
        );
        self.kubectl(&line, &stream)
    }

    fn applies(&self, objects: &[Value]) {
        let applied = self.apply(objects, "");
        assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
    }

    fn get(&self, object: &Value) -> Value {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (kind, version) = (text(&object["kind"]), text(&object["apiVersion"]));
        let of = match version.split_once('/') {
            Some((group, version)) => format!("{kind}.{version}.{group}"),
            None => kind,
        };
        let (name, namespace) = (text(&object["metadata"]["name"]), text(&object["metadata"]["namespace"]));
        let within = if namespace.is_empty() { String::new() } else { format!(" -n {namespace}") };
        let got = self.kubectl(&format!("get {of} {name} -o json{within}"), "");
        serde_json::from_slice(&got.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&got.stderr)))
    }
}

const CLUSTER: &str = "\
apiVersion: eksact.dev/v1alpha1
kind: ClusterConfig
metadata: {name: demo, region: us-west-2}
";

/// All of what was sent stands in what is kept, written in the same way.
fn stands_in(sent: &Value, kept: &Value, at: &str) {
    match (sent, kept) {
        (Value::Object(sent), Value::Object(kept)) => {
            for (key, value) in sent {
                let kept = kept.get(key).unwrap_or_else(|| panic!("{at}.{key} is not kept"));
                stands_in(value, kept, &format!("{at}.{key}"));
            }
        }
        (Value::Array(sent), Value::Array(kept)) => {
            assert_eq!(sent.len(), kept.len(), "{at}");
            for (n, (sent, kept)) in sent.iter().zip(kept).enumerate() {
                stands_in(sent, kept, &format!("{at}[{n}]"));
            }
        }
        (sent, kept) => assert_eq!(sent, kept, "{at}"),
    }
}

fn is_crd(object: &Value) -> bool {
    object["kind"] == "CustomResourceDefinition"
}

fn is_webhook(object: &Value) -> bool {
    object["kind"].as_str().is_some_and(|kind| kind.ends_with("WebhookConfiguration"))
}

#[test]
fn every_object_is_taken_as_it_stands_and_samples_are_held_to_the_schemas() {
    let server = Server::start();
    for components in [PLAIN, FULL] {
        let objects = drawn(components, &around());
        let (definitions, others): (Vec<Value>, Vec<Value>) = objects.into_iter().partition(is_crd);
        server.applies(&definitions);
        let ready = server.kubectl("wait --for=condition=Established crd --all --timeout=60s", "");
        assert!(ready.status.success(), "{}", String::from_utf8_lossy(&ready.stderr));
        // The webhooks last: nobody answers for them.
        let (webhooks, others): (Vec<Value>, Vec<Value>) = others.into_iter().partition(is_webhook);
        server.applies(&others);
        server.applies(&webhooks);
        for object in definitions.iter().chain(&others).chain(&webhooks) {
            stands_in(
                object,
                &server.get(object),
                &format!("{} {}", object["kind"], object["metadata"]["name"]),
            );
        }
        let removed = server.kubectl(
            "delete mutatingwebhookconfiguration,validatingwebhookconfiguration aws-load-balancer-webhook",
            "",
        );
        assert!(removed.status.success());
    }
    samples(&server);
}

/// Objects of the seven kinds, good and bad.
fn samples(server: &Server) {
    let text = include_str!("../../components/custom-resources.yaml");
    let samples: Vec<Value> = serde_saphyr::from_str(text).unwrap();
    assert!(samples.len() > 30);
    for sample in samples {
        let tried = server.apply(&[sample["object"].clone()], "--dry-run=server");
        let said = String::from_utf8_lossy(&tried.stderr).into_owned();
        match sample["refused"].as_str() {
            None => assert!(tried.status.success(), "{sample}\n{said}"),
            Some(at) => {
                let place = [format!("{at}:"), format!("{at} ")].iter().any(|at| said.contains(at));
                assert!(!tried.status.success() && place, "{sample}\n{said}");
            }
        }
    }
}

/// What the server does not know, it says.
#[test]
fn a_field_that_nobody_knows_is_refused() {
    let server = Server::start();
    let mut objects = drawn("  - name: coredns\n", &around());
    objects.retain(|object| object["kind"] == "Deployment");
    objects[0]["spec"]["template"]["spec"]["nodeSelectors"] = json!({});
    let applied = server.apply(&objects, "--dry-run=server");
    let said = String::from_utf8_lossy(&applied.stderr).into_owned();
    assert!(!applied.status.success() && said.contains("nodeSelectors"), "{said}");
}
