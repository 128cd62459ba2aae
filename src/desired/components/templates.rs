//! The templates of components, from `templates/components/`.

use serde_json::Value;

use crate::config::ComponentName;

/// A file of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct File {
    text: &'static str,
    /// Wanted with more than one replica only: of one, none may ever go.
    pub for_several: bool,
}

macro_rules! files {
    ($folder:literal: $($name:literal $(for $several:ident)?),+) => {
        &[$(File {
            text: include_str!(concat!("../../../templates/components/", $folder, "/", $name, ".yaml")),
            for_several: [$(files!(@$several),)? false][0],
        }),+]
    };
    (@several) => { true };
}

const LOAD_BALANCER_CONTROLLER: &[File] = files!("aws-load-balancer-controller":
    "crds/albtargetcontrolconfigs", "crds/globalaccelerators", "crds/ingressclassparams",
    "crds/listenerruleconfigurations", "crds/loadbalancerconfigurations", "crds/targetgroupbindings",
    "crds/targetgroupconfigurations", "serviceaccount", "rbac", "service", "deployment",
    "pdb" for several, "webhooks", "class");
const CLUSTER_AUTOSCALER: &[File] =
    files!("cluster-autoscaler": "serviceaccount", "rbac", "deployment", "pdb");
const COREDNS: &[File] = files!("coredns":
    "serviceaccount", "rbac", "configmap", "service", "deployment", "pdb" for several);
const METRICS_SERVER: &[File] = files!("metrics-server":
    "serviceaccount", "rbac", "service", "deployment", "pdb" for several, "apiservice");
const STORAGE: &[File] = files!("storage": "storageclass");

/// The files of a component.
pub(super) fn files(name: ComponentName) -> &'static [File] {
    match name {
        ComponentName::LoadBalancerController => LOAD_BALANCER_CONTROLLER,
        ComponentName::ClusterAutoscaler => CLUSTER_AUTOSCALER,
        ComponentName::Coredns => COREDNS,
        ComponentName::MetricsServer => METRICS_SERVER,
        ComponentName::Storage => STORAGE,
    }
}

impl File {
    /// Its documents. They are ours and a test reads each, so that none is ever lost here.
    pub(super) fn documents(self) -> Vec<Value> {
        serde_saphyr::from_multiple(self.text).unwrap_or_default()
    }
}

#[test]
fn every_document_is_read() {
    use crate::config::Choice;
    let of = |name| files(name).iter().map(|file| file.documents().len()).sum::<usize>();
    let found: Vec<(&str, usize)> =
        ComponentName::WORDS.iter().map(|(word, name)| (*word, of(*name))).collect();
    let expected = [
        ("aws-load-balancer-controller", 19),
        ("cluster-autoscaler", 7),
        ("coredns", 7),
        ("metrics-server", 10),
        ("storage", 1),
    ];
    assert_eq!(found, expected);
}

/// One that nothing fills would be left out with all around it, and nobody would know.
#[test]
fn every_placeholder_is_filled_by_some_setting() {
    use std::collections::BTreeSet;

    use super::template::placeholders;
    use crate::config::Choice;
    let known = BTreeSet::from([
        "version",
        "image",
        "replicas",
        "resources",
        "nodeSelector",
        "tolerations",
        "minAvailable",
        "maxUnavailable",
        "topologySpread",
        "extraArgs",
        "logLevel",
        "cluster",
        "region",
        "vpc",
        "roleArn",
        "caBundle",
        "certificateHash",
        "dnsAddress",
        "ingressClass",
        "name",
        "kmsKey",
        "defaultClass",
    ]);
    let files = ComponentName::WORDS.iter().flat_map(|(_, name)| files(*name));
    let documents: Vec<Value> = files.flat_map(|file| file.documents()).collect();
    let found: BTreeSet<&str> = documents.iter().flat_map(placeholders).collect();
    assert_eq!(found, known);
}

/// An object of a kind that is not known would be left out.
#[test]
fn every_object_is_of_a_kind_that_is_known() {
    use crate::config::Choice;
    use crate::resource::kubernetes::Kind;
    for document in
        ComponentName::WORDS.iter().flat_map(|(_, name)| files(*name)).flat_map(|it| it.documents())
    {
        let (kind, version) = (document["kind"].as_str(), document["apiVersion"].as_str());
        let known = kind.and_then(Kind::named).map(Kind::api_version);
        assert_eq!(known.as_deref(), version, "{kind:?}");
    }
}
