//! Objects in a cluster, on a real API server: made, compared, changed, put back, pruned and taken over.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::Duration;

use eksact::apply::{Options, Summary, apply};
use eksact::aws::Aws;
use eksact::graph::Graph;
use eksact::kubernetes::{Endpoint, Kubernetes, Objects};
use eksact::ops::Bare;
use eksact::plan::{Plan, Why, plan};
use eksact::resource::kubernetes as k8s;
use eksact::resource::kubernetes::{
    Address, Body, CaBundle, Certificate, Fingerprint, Inventory, Kind, State,
};
use eksact::resource::{Part, Tags};
use eksact::world::World;
use serde_json::{Value, json};
use tokio::sync::mpsc::unbounded_channel;
use tokio_util::sync::CancellationToken;

use crate::cli::files::DEFAULT;
use crate::cli::shell::Shell;

const SCOPE: &str = "demo";

fn at(kind: &str, name: &str) -> Address {
    Address::new(Kind::named(kind).unwrap(), "kube-system", name)
}

/// What is asked for in the cluster.
#[derive(Clone, Debug)]
struct Wanted {
    replicas: u32,
    second_label: bool,
    map: bool,
    class: bool,
}

const FIRST: Wanted = Wanted { replicas: 1, second_label: true, map: true, class: true };

impl Wanted {
    fn graph(&self) -> Graph {
        let mut graph = Graph::new("demo");
        let all = ["ConfigMap kube-system/a", "and so on"].map(str::to_owned);
        graph.add("objects", Inventory::of(&all));
        let address = at("Namespace", "apps");
        graph.add(&address.key_name(SCOPE), k8s::Namespace::new(address.clone(), json!({}).into()));
        let address = at("CustomResourceDefinition", "ingressclassparams.elbv2.k8s.aws");
        graph.add(&address.key_name(SCOPE), k8s::Definition::new(address.clone(), definition().into()));
        if self.map {
            let address = at("ConfigMap", "a");
            let body = json!({ "data": { "x": "1" } });
            graph.add(&address.key_name(SCOPE), k8s::Object::new(address.clone(), body.into()));
        }
        let address = at("Secret", "a-tls");
        let certificate = graph.add(&address.key_name(SCOPE), certificate(address.clone()));
        let address = at("Deployment", "a");
        let hash = vec![Part::Literal("of ".to_owned()), certificate.part::<Fingerprint>()];
        let body = deployment(self.replicas, self.second_label, Body::Text(hash));
        graph.add(&address.key_name(SCOPE), k8s::Workload::new(address.clone(), body));
        let address = at("ValidatingWebhookConfiguration", "a");
        let body = webhook(Body::of(&certificate.get::<CaBundle>()));
        graph.add(&address.key_name(SCOPE), k8s::Webhook::new(address.clone(), body));
        if self.class {
            let address = at("IngressClassParams", "a");
            let body = json!({ "spec": { "scheme": "internal" } });
            graph.add(&address.key_name(SCOPE), k8s::Custom::new(address.clone(), body.into()));
        }
        graph
    }
}

fn certificate(address: Address) -> Certificate {
    let names = vec!["a.kube-system.svc".to_owned()];
    Certificate { address, names, state: State::Good, tags: Tags::default(), labels: Vec::new() }
}

fn definition() -> Value {
    let schema = json!({
        "type": "object",
        "properties": { "spec": { "type": "object", "properties": { "scheme": { "type": "string" } } } },
    });
    json!({ "spec": {
        "group": "elbv2.k8s.aws", "scope": "Cluster",
        "names": { "kind": "IngressClassParams", "listKind": "IngressClassParamsList",
            "plural": "ingressclassparams", "singular": "ingressclassparams" },
        "versions": [{ "name": "v1beta1", "served": true, "storage": true,
            "schema": { "openAPIV3Schema": schema } }],
    } })
}

fn deployment(replicas: u32, second_label: bool, hash: Body) -> Body {
    let mut labels = json!({ "app": "a", "also": "b" });
    if !second_label {
        labels.as_object_mut().unwrap().remove("also");
    }
    let container = json!({
        "name": "main", "image": "example.invalid/a:1", "args": ["--x"],
        "ports": [{ "name": "http", "containerPort": 80, "protocol": "TCP" }],
        "resources": { "requests": { "cpu": "100m", "memory": "64Mi" } },
        "env": [{ "name": "A", "value": "1" }],
    });
    let template = Body::Map(vec![
        (
            "metadata".to_owned(),
            Body::Map(vec![
                ("labels".to_owned(), labels.into()),
                ("annotations".to_owned(), Body::Map(vec![("certificate".to_owned(), hash)])),
            ]),
        ),
        (
            "spec".to_owned(),
            json!({
                "containers": [container],
                "tolerations": [{ "operator": "Exists" }],
                "topologySpreadConstraints": [{ "maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone",
                    "whenUnsatisfiable": "ScheduleAnyway", "labelSelector": { "matchLabels": { "app": "a" } } }],
            })
            .into(),
        ),
    ]);
    Body::Map(vec![(
        "spec".to_owned(),
        Body::Map(vec![
            ("replicas".to_owned(), Body::Plain(replicas.into())),
            ("selector".to_owned(), json!({ "matchLabels": { "app": "a" } }).into()),
            ("template".to_owned(), template),
        ]),
    )])
}

/// About a kind that nobody makes here: a webhook that nobody answers would be in the way.
fn webhook(bundle: Body) -> Body {
    let rule = json!({ "apiGroups": ["example.invalid"], "apiVersions": ["v1"], "operations": ["CREATE"],
        "resources": ["nothings"] });
    let entries = vec![
        ("name".to_owned(), Body::from(json!("a.example.invalid"))),
        ("sideEffects".to_owned(), json!("None").into()),
        ("admissionReviewVersions".to_owned(), json!(["v1"]).into()),
        ("failurePolicy".to_owned(), json!("Fail").into()),
        ("rules".to_owned(), json!([rule]).into()),
        (
            "clientConfig".to_owned(),
            Body::Map(vec![
                (
                    "service".to_owned(),
                    json!({ "name": "a", "namespace": "kube-system", "path": "/x" }).into(),
                ),
                ("caBundle".to_owned(), bundle),
            ]),
        ),
    ];
    Body::Map(vec![("webhooks".to_owned(), Body::List(vec![Body::Map(entries)]))])
}

/// A cluster with nodes, on which what is asked for runs.
struct Cluster {
    it: Shell,
    aws: Aws,
    endpoint: Endpoint,
}

impl Cluster {
    async fn new() -> Self {
        let it = Shell::with_workloads();
        it.file("cluster.yaml", DEFAULT);
        it.eksact("create cluster -f cluster.yaml --skip-preflight").exits(0);
        let aws = it.account.aws("demo").await;
        let reach = aws.reach().await.unwrap().unwrap();
        let endpoint =
            Endpoint { address: reach.address, certificate_authority: reach.certificate_authority };
        Self { it, aws, endpoint }
    }

    fn world(&self, takes_over: bool) -> Bare<&Aws> {
        let server = Kubernetes::new(self.endpoint.clone(), &self.aws);
        let objects = Objects { server, cluster: "demo".to_owned(), takes_over };
        Bare { objects, region: "us-west-2".to_owned(), place: String::new() }
    }

    async fn plan(&self, wanted: &Wanted) -> Plan {
        let graph = wanted.graph();
        plan(&graph, &self.world(false).observe(&graph.names()).await.unwrap())
    }

    async fn apply(&self, wanted: &Wanted) -> Summary {
        let plan = self.plan(wanted).await;
        self.carry_out(&plan, false).await
    }

    async fn carry_out(&self, plan: &Plan, takes_over: bool) -> Summary {
        let (events, mut heard) = unbounded_channel();
        let stop = CancellationToken::new();
        let options = Options { timeout: Some(Duration::from_secs(60)), ..Options::default() };
        let summary = apply(plan, &self.world(takes_over), options, &stop, events).await.unwrap();
        let graph = FIRST.graph();
        let now = eksact::plan::plan(&graph, &self.world(takes_over).observe(&graph.names()).await.unwrap());
        let mut all = if summary.failed.is_empty() { Vec::new() } else { told(&now) };
        while let Ok(event) = heard.try_recv() {
            all.push(format!("{event:?}"));
        }
        assert!(summary.failed.is_empty() && summary.skipped.is_empty(), "{summary:#?}\n{}", all.join("\n"));
        summary
    }

    /// What kubectl does, as somebody else does it.
    fn kubectl(&self, line: &str, body: Option<&Value>) -> String {
        self.it.kubectl(line, body)
    }
}

/// What a plan says.
fn told(plan: &Plan) -> Vec<String> {
    let changes = plan.changes().unwrap();
    let text = |value: &Option<Value>| value.as_ref().map_or("-".to_owned(), Value::to_string);
    let mut told: Vec<String> = changes
        .iter()
        .map(|change| {
            let differences = change.differences.iter();
            let differences: Vec<String> = differences
                .map(|it| format!(" {} {} → {}", it.path, text(&it.before), text(&it.after)))
                .collect();
            format!("{:?} {}{}", change.action, change.key, differences.join(","))
        })
        .collect();
    told.sort();
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_are_made_compared_put_back_and_pruned() {
    let cluster = Cluster::new().await;
    let summary = cluster.apply(&FIRST).await;
    assert_eq!(summary.done, 8);
    assert_eq!(told(&cluster.plan(&FIRST).await), [""; 0], "what was made is as it was asked for");

    // Somebody else turns it up, and adds what is theirs.
    cluster.kubectl("-n kube-system scale deployment a --replicas 3", None);
    cluster.kubectl("-n kube-system annotate deployment a owner=them", None);
    cluster.kubectl("-n kube-system label configmap a team=them", None);
    let drift = "Update workload/demo/Deployment/kube-system.a spec.replicas 3 → 1";
    assert_eq!(told(&cluster.plan(&FIRST).await), [drift]);
    cluster.apply(&FIRST).await;
    assert_eq!(told(&cluster.plan(&FIRST).await), [""; 0]);
    let theirs =
        cluster.kubectl("-n kube-system get deployment a -o jsonpath={.metadata.annotations.owner}", None);
    assert_eq!(theirs, "them");

    // What is not asked for any more goes, and nothing else.
    let certificate =
        |cluster: &Cluster| cluster.kubectl("-n kube-system get secret a-tls -o jsonpath={.data}", None);
    let before = certificate(&cluster);
    let wanted = Wanted { replicas: 2, second_label: false, map: false, class: false };
    assert_eq!(
        told(&cluster.plan(&wanted).await),
        [
            "Delete custom/demo/IngressClassParams/a",
            "Delete object/demo/ConfigMap/kube-system.a",
            "Update workload/demo/Deployment/kube-system.a spec.replicas 1 → 2, \
             spec.template.metadata.labels.also \"b\" → -",
        ]
    );
    cluster.apply(&wanted).await;
    assert_eq!(told(&cluster.plan(&wanted).await), [""; 0]);
    assert_eq!(certificate(&cluster), before, "a certificate that is good is kept");

    // One that is not good is made again, and whoever was told of it is told again.
    cluster.kubectl("-n kube-system patch secret a-tls --type merge -p {\"data\":{\"tls.crt\":\"\"}}", None);
    let [secret, ..] = &told(&cluster.plan(&wanted).await)[..] else { panic!("nothing to do") };
    assert_eq!(
        secret,
        "Update certificate/demo/Secret/kube-system.a-tls certificate \"it cannot be read\" → \"good\""
    );
    cluster.apply(&wanted).await;
    assert_eq!(told(&cluster.plan(&wanted).await), [""; 0]);
    assert_ne!(certificate(&cluster), before);

    // Without the file nothing of it stays.
    cluster
        .carry_out(
            &plan(
                &Graph::new("demo"),
                &cluster.world(false).observe(&Graph::new("demo").names()).await.unwrap(),
            ),
            false,
        )
        .await;
    let left = cluster.kubectl("get all,cm,secret,crd,validatingwebhookconfigurations -A -l app.kubernetes.io/managed-by=eksact -o name", None);
    assert_eq!(left, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_have_made_is_named_and_taken_over_only_on_purpose() {
    let cluster = Cluster::new().await;
    let theirs = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "a", "namespace": "kube-system",
        "labels": { "app.kubernetes.io/managed-by": "Helm" } }, "data": { "x": "theirs", "y": "too" } });
    cluster.kubectl("apply -f -", Some(&theirs));
    let refused = cluster.plan(&FIRST).await.refused;
    let [refusal] = &refused[..] else { panic!("{refused:?}") };
    assert_eq!(refusal.why, Why::Clash("ConfigMap kube-system/a, managed by Helm".to_owned()));

    let graph = FIRST.graph();
    let taken = plan(&graph, &cluster.world(true).observe(&graph.names()).await.unwrap());
    cluster.carry_out(&taken, true).await;
    assert_eq!(told(&cluster.plan(&FIRST).await), [""; 0]);
    let data = cluster.kubectl("-n kube-system get cm a -o jsonpath={.data}", None);
    assert_eq!(data, r#"{"x":"1","y":"too"}"#);
}
