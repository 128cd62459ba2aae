//! The objects of components, without a server.

use eksact::config::{Source, read};
use eksact::desired::{Surroundings, manifests};
use eksact::resource::kubernetes::Body;
use eksact::view::diagnostics::render;
use serde_json::{Value, json};

/// What is around them: everything is known.
pub fn around() -> Surroundings {
    let text = |text: &str| Body::Plain(text.into());
    Surroundings {
        cluster: text("demo"),
        region: "us-west-2".to_owned(),
        kubernetes: "1.34".to_owned(),
        vpc: Some(text("vpc-0123456789abcdef0")),
        role_arn: None,
        ca_bundle: Some(text("Y2VydGlmaWNhdGU=")),
        certificate_hash: Some(text("0123456789abcdef")),
        dns_address: Some("10.100.0.10".to_owned()),
    }
}

const HEAD: &str = "\
apiVersion: eksact.dev/v1alpha1
kind: ClusterConfig
metadata: {name: demo, region: us-west-2}
addonsConfig: {disableDefaultAddons: true}
components:
";

/// Each component, as it is by itself.
pub const PLAIN: &str = "
  - name: aws-load-balancer-controller
  - name: cluster-autoscaler
  - name: coredns
  - name: metrics-server
  - name: storage
";

/// Each with all that it takes.
pub const FULL: &str = "
  - name: aws-load-balancer-controller
    version: v3.4.3
    replicas: 1
    resources: {requests: {cpu: 0.5, memory: 1024Mi}, limits: {cpu: 1000m, memory: 2Gi}}
    tolerations:
      - {key: dedicated, value: system, effect: NoSchedule}
      - {key: gone, operator: Exists, effect: NoExecute, tolerationSeconds: 60}
    nodeSelector: {pool: system}
    imageRegistry: 111122223333.dkr.ecr.us-west-2.amazonaws.com/ecr-public
    logLevel: debug
    extraArgs: [--enable-shield=false, --enable-waf=false]
    ingressClass: {name: public, default: true}
  - {name: cluster-autoscaler, replicas: 2, logLevel: debug, extraArgs: [--scan-interval=30s]}
  - name: coredns
    replicas: 3
    tolerations: [{operator: Exists}]
    podDisruptionBudget: {minAvailable: 50%}
    topologySpread:
      - {topologyKey: kubernetes.io/hostname, maxSkew: 2, whenUnsatisfiable: DoNotSchedule}
      - {topologyKey: topology.kubernetes.io/zone}
    extraArgs: [-quiet]
  - {name: metrics-server, replicas: 1, logLevel: debug, resources: {limits: {memory: 300Mi}}}
  - name: storage
    storageClass: {name: mine, default: false, kmsKeyARN: \"arn:aws:kms:us-west-2:111122223333:key/1234abcd\"}
";

/// The objects of these components.
pub fn drawn(components: &str, around: &Surroundings) -> Vec<Value> {
    let source = Source::new("cluster.yaml", format!("{HEAD}{components}"));
    let outcome = read(&source);
    let cluster = outcome.cluster.unwrap_or_else(|| panic!("{}", render(&source, &outcome.diagnostics)));
    manifests(&cluster, around).unwrap_or_else(|wrong| panic!("{}", render(&source, &wrong)))
}

fn find<'a>(objects: &'a [Value], kind: &str, name: &str) -> &'a Value {
    let is = |object: &&Value| object["kind"] == kind && object["metadata"]["name"] == name;
    objects.iter().find(is).unwrap_or_else(|| panic!("no {kind} {name}"))
}

/// The container of a Deployment.
fn container<'a>(objects: &'a [Value], name: &str) -> &'a Value {
    &find(objects, "Deployment", name)["spec"]["template"]["spec"]["containers"][0]
}

/// A line for each part of an object.
fn short(object: &Value) -> String {
    let fields = object.as_object().unwrap().iter().filter(|(key, _)| *key != "kind" && *key != "apiVersion");
    let fields: String = fields.map(|(key, value)| format!("    {key} {value}\n")).collect();
    format!("{}\n{fields}", object["kind"].as_str().unwrap())
}

#[test]
fn objects_read_like_this() {
    for (name, components) in [("plain", PLAIN), ("full", FULL)] {
        let objects = drawn(components, &around());
        let told = objects.iter().filter(|object| object["kind"] != "CustomResourceDefinition");
        let text: String = told.map(short).collect();
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => true }, {
            insta::assert_snapshot!(name, text);
        });
    }
}

#[test]
fn no_placeholder_is_left_and_all_is_labelled() {
    for components in [PLAIN, FULL] {
        for object in drawn(components, &around()) {
            let labels = &object["metadata"]["labels"];
            assert!(!object.to_string().contains("${"), "{object}");
            assert_eq!(labels["app.kubernetes.io/managed-by"], "eksact", "{object}");
            for label in ["name", "instance", "component"] {
                assert!(labels[format!("app.kubernetes.io/{label}")].is_string(), "{label}: {object}");
            }
        }
    }
}

#[test]
fn what_stands_in_a_reference_stands_where_its_value_will() {
    let objects = drawn("  - name: aws-load-balancer-controller\n", &around());
    let arguments = container(&objects, "aws-load-balancer-controller")["args"].clone();
    let expected = [
        "--cluster-name=demo",
        "--ingress-class=alb",
        "--aws-region=us-west-2",
        "--aws-vpc-id=vpc-0123456789abcdef0",
        "--log-level=info",
    ];
    assert_eq!(arguments, json!(expected));
    let webhooks = &find(&objects, "ValidatingWebhookConfiguration", "aws-load-balancer-webhook")["webhooks"];
    assert!(
        webhooks.as_array().unwrap().iter().all(|it| it["clientConfig"]["caBundle"] == "Y2VydGlmaWNhdGU=")
    );
}

#[test]
fn settings_reach_their_objects_in_the_form_that_a_server_keeps() {
    let objects = drawn(FULL, &around());
    let controller = container(&objects, "aws-load-balancer-controller");
    let resources =
        json!({"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"cpu": "1", "memory": "2Gi"}});
    assert_eq!(controller["resources"], resources);
    let image =
        "111122223333.dkr.ecr.us-west-2.amazonaws.com/ecr-public/eks/aws-load-balancer-controller:v3.4.3";
    assert_eq!(controller["image"], image);
    let arguments: Vec<&str> =
        controller["args"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(arguments[4..], ["--log-level=debug", "--enable-shield=false", "--enable-waf=false"]);
    let pod = &find(&objects, "Deployment", "coredns")["spec"]["template"]["spec"];
    let last = pod["tolerations"].as_array().unwrap().last().cloned();
    assert_eq!(last, Some(json!({"operator": "Exists"})));
    let class = find(&objects, "IngressClass", "public");
    assert_eq!(class["metadata"]["annotations"]["ingressclass.kubernetes.io/is-default-class"], "true");
    assert_eq!(find(&objects, "StorageClass", "mine")["metadata"].get("annotations"), None);
}

/// One replica is never protected from going, unless the file says so.
#[test]
fn budgets_and_spreads_are_the_files_or_ours() {
    let budgets = |components: &str| {
        let objects = drawn(components, &around());
        let all = objects.iter().filter(|it| it["kind"] == "PodDisruptionBudget");
        let told = all.map(|it| {
            let spec = &it["spec"];
            format!("{} {}/{}", it["metadata"]["name"], spec["minAvailable"], spec["maxUnavailable"])
        });
        told.collect::<Vec<_>>().join(" ").replace('"', "")
    };
    assert_eq!(budgets(FULL), "cluster-autoscaler null/1 coredns 50%/null");
    assert_eq!(budgets("  - name: coredns\n"), "coredns null/1");
    assert_eq!(budgets("  - {name: coredns, replicas: 1}\n"), "");
    let one = "  - {name: coredns, replicas: 1, podDisruptionBudget: {maxUnavailable: 100%}}\n";
    assert_eq!(budgets(one), "coredns null/100%");

    let spreads = |components: &str| {
        let objects = drawn(components, &around());
        find(&objects, "Deployment", "coredns")["spec"]["template"]["spec"]["topologySpreadConstraints"]
            .clone()
    };
    let spread = |key: &str, skew: u32, otherwise: &str| {
        let pods = json!({"matchLabels": {"k8s-app": "kube-dns"}});
        json!({"topologyKey": key, "maxSkew": skew, "whenUnsatisfiable": otherwise, "labelSelector": pods})
    };
    let zones = spread("topology.kubernetes.io/zone", 1, "ScheduleAnyway");
    assert_eq!(spreads("  - name: coredns\n"), json!([zones]));
    assert_eq!(spreads(FULL), json!([spread("kubernetes.io/hostname", 2, "DoNotSchedule"), zones]));
}

/// A file for a cluster whose add-on is EKS's, used where there is no EKS.
#[test]
fn what_eks_does_for_its_add_on_alone_is_refused_where_that_is_a_manifest() {
    let text = format!("{HEAD}  - {{name: coredns, autoscaling: {{maxReplicas: 9}}}}\n");
    let source =
        Source::new("cluster.yaml", text.replace("addonsConfig: {disableDefaultAddons: true}\n", ""));
    let cluster = read(&source).cluster.unwrap();
    let said = render(&source, &manifests(&cluster, &around()).unwrap_err());
    assert!(said.contains("cluster.yaml:5:21") && said.contains("done by EKS's add-on"), "{said}");
    assert!(said.contains("write `replicas` instead"), "{said}");
}

#[test]
fn a_role_that_a_service_account_names_is_in_its_annotation() {
    let role = "arn:aws:iam::111122223333:role/x";
    let around = Surroundings { role_arn: Some(Body::Plain(role.into())), ..around() };
    let objects = drawn("  - name: cluster-autoscaler\n", &around);
    let account = find(&objects, "ServiceAccount", "cluster-autoscaler");
    assert_eq!(account["metadata"]["annotations"]["eks.amazonaws.com/role-arn"], role);
}

#[test]
fn versions_follow_kubernetes_and_one_that_does_not_is_refused_at_its_line() {
    let image = |kubernetes: &str| {
        let around = Surroundings { kubernetes: kubernetes.to_owned(), ..around() };
        container(&drawn("  - name: cluster-autoscaler\n", &around), "cluster-autoscaler")["image"].clone()
    };
    assert_eq!(image("1.33"), "registry.k8s.io/autoscaling/cluster-autoscaler:v1.33.6");
    assert_eq!(image("1.37"), "registry.k8s.io/autoscaling/cluster-autoscaler:v1.36.1");
    let source =
        Source::new("cluster.yaml", format!("{HEAD}  - {{name: cluster-autoscaler, version: v1.33.6}}\n"));
    let cluster = read(&source).cluster.unwrap();
    let said = render(&source, &manifests(&cluster, &around()).unwrap_err());
    assert!(said.contains("cluster.yaml:6:41") && said.contains("Kubernetes 1.34"), "{said}");
}

#[test]
fn a_region_without_a_known_registry_needs_one_in_the_file() {
    let around = Surroundings { region: "eusc-de-east-1".to_owned(), ..around() };
    let source = Source::new("cluster.yaml", format!("{HEAD}  - name: aws-load-balancer-controller\n"));
    let cluster = read(&source).cluster.unwrap();
    let said = render(&source, &manifests(&cluster, &around).unwrap_err());
    assert!(said.contains("write `imageRegistry`"), "{said}");
}
