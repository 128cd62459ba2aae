//! What AWS releases changes nothing that lives; what was chosen stays chosen.

use eksact::cluster::Facts;
use eksact::desired::{Kept, ZONES, desired};
use eksact::plan::plan;
use eksact::resource::{Any, Key, Remark, Type};
use eksact::world::{Found, Snapshot};

use super::desk::{addon_versions, facts, graph, living, model, version, zones};
use super::graphs::examples;
use crate::fields::tell;

/// A year later: other defaults, newer releases, zones in another order and one more, types in fewer zones.
fn later() -> Facts {
    let mut later = facts();
    later.zones = zones(&[("e", "az5"), ("d", "az4"), ("c", "az3"), ("b", "az1"), ("a", "az2")]);
    later.versions = [("1.34", false), ("1.36", true), ("1.35", false)].map(version).into();
    for (name, versions) in &mut later.addons {
        let minor = versions[0].version.trim_start_matches('v').rsplit_once(".4").unwrap().0.to_owned();
        *versions = addon_versions(&minor, 11);
        assert!(versions[0].version.starts_with(&format!("v{minor}.11-")), "{name}");
    }
    for kind in later.instance_types.values_mut() {
        kind.zones = ["us-west-2e".to_owned()].into();
    }
    later
}

#[test]
fn what_aws_releases_is_a_remark_and_never_a_change() {
    for (name, source) in examples() {
        let file = model(&source);
        let living = living(&desired(&file, &facts(), &Snapshot::default()).unwrap());
        let again = desired(&file, &later(), &living).unwrap();
        assert_eq!(tell(&plan(&again, &living)), [""; 0], "{name}");
    }
}

fn remarks(yaml: &str, now: &Facts, living: &Snapshot) -> Vec<String> {
    let graph = graph(yaml, now, living);
    let say = |(key, remark): &(Key, Remark)| match remark {
        Remark::Newer { runs, newest } => format!("{key} {runs} < {newest}"),
        other => format!("{key} {other:?}"),
    };
    graph.remarks().iter().map(say).collect()
}

#[test]
fn a_newer_one_is_said_where_the_file_leaves_it_open() {
    let yaml =
        "addons: [{name: coredns, version: latest}, {name: kube-proxy, version: v1.34.3-eksbuild.1}]\n";
    let first = graph(yaml, &facts(), &Snapshot::default());
    assert_eq!(first.remarks(), [], "nothing runs yet");
    let living = living(&first);
    assert_eq!(remarks(yaml, &facts(), &living), [""; 0], "what was chosen is the newest that is chosen");
    assert_eq!(
        remarks(yaml, &later(), &living),
        [
            "cluster/demo 1.34 < 1.36",
            "addon/vpc-cni v1.20.3-eksbuild.1 < v1.20.10-eksbuild.1",
            "addon/metrics-server v0.8.3-eksbuild.1 < v0.8.10-eksbuild.1",
            "addon/coredns v1.12.4-eksbuild.1 < v1.12.11-eksbuild.1",
        ]
    );
    let named = format!("{yaml}metadata: {{name: demo, region: us-west-2, version: \"1.34\"}}\n");
    let named = format!("apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\n{named}");
    assert!(!remarks(&named, &later(), &living)[0].starts_with("cluster"), "the file decides");
}

#[test]
fn the_beginning_of_a_version_is_the_newest_of_them_and_then_stays() {
    let of = |version: &str| format!("addons: [{{name: coredns, version: {version}}}]\n");
    let runs = |said: &str, now: &Facts, living: &Snapshot| {
        let graph = graph(&of(said), now, living);
        Kept::of(&super::desk::living(&graph)).addons["coredns"].clone()
    };
    let nothing = Snapshot::default();
    for said in ["v1.12", "'1.12'", "v1.12.4", "1.12.4-eksbuild.1", "1.12.4-eksbuild"] {
        assert_eq!(runs(said, &facts(), &nothing), "v1.12.4-eksbuild.1", "{said}");
    }
    let mut more = facts();
    more.addons.insert("coredns".to_owned(), addon_versions("1.12", 11));
    assert_eq!(runs("v1.12.1", &more, &nothing), "v1.12.1-eksbuild.1", "and not v1.12.11");
    let living = living(&graph(&of("v1.12"), &facts(), &nothing));
    assert_eq!(tell(&plan(&graph(&of("v1.12"), &later(), &living), &living)), [""; 0]);
    let said = remarks(&of("v1.12"), &later(), &living);
    assert!(said.contains(&"addon/coredns v1.12.4-eksbuild.1 < v1.12.11-eksbuild.1".to_owned()), "{said:?}");
    let mut other = facts();
    other.addons.insert("coredns".to_owned(), addon_versions("1.13", 3));
    assert_eq!(runs("v1.12", &other, &living), "v1.12.4-eksbuild.1", "what runs goes on");
    assert_eq!(runs("v1.13", &other, &living), "v1.13.3-eksbuild.1", "another line of the file is a change");
}

#[test]
fn an_older_default_is_not_newer() {
    let yaml = "addons: [{name: coredns, version: latest}]\n";
    let living = living(&graph(yaml, &facts(), &Snapshot::default()));
    let mut before = facts();
    before.versions = [("1.33", true), ("1.34", false)].map(version).into();
    before.addons.insert("coredns".to_owned(), addon_versions("1.12", 3));
    before.addons.insert("vpc-cni".to_owned(), addon_versions("1.20", 2));
    assert_eq!(remarks(yaml, &before, &living), [""; 0]);
}

#[test]
fn a_line_that_leaves_the_file_keeps_what_was_chosen_by_it() {
    let zones = "availabilityZones: [us-west-2d, us-west-2b]\n";
    let living = living(&graph(zones, &facts(), &Snapshot::default()));
    assert_eq!(Kept::of(&living).zones.unwrap(), ["us-west-2d", "us-west-2b"]);
    let again = graph("", &facts(), &living);
    assert_eq!(tell(&plan(&again, &living)), [""; 0]);
}

/// What lives, and how it is tampered with.
fn tampered(change: impl Fn(&Key, &mut Vec<Found>)) -> Snapshot {
    let mut living =
        living(&graph("availabilityZones: [us-west-2b, us-west-2a]\n", &facts(), &Snapshot::default()));
    living.found.iter_mut().for_each(|(key, found)| change(key, found));
    living.found.retain(|_, found| !found.is_empty());
    living
}

fn tag(found: &mut [Found], value: Option<&str>) {
    let Found::Present(live) = &mut found[0] else { return };
    let tags = &mut live.properties.tags_mut().0;
    match value {
        Some(value) => tags.insert(ZONES.to_owned(), value.to_owned()),
        None => tags.remove(ZONES),
    };
}

#[test]
fn zones_are_read_from_the_subnets_where_the_tag_does_not_say() {
    let is_vpc = |key: &Key| key.kind == Type::Vpc;
    let zones = |living: &Snapshot| Kept::of(living).zones;
    let laid_out = Some(vec!["us-west-2b".to_owned(), "us-west-2a".to_owned()]);
    assert_eq!(zones(&tampered(|_, _| {})), laid_out);
    let without = tampered(|key, found| {
        if is_vpc(key) {
            tag(found, None)
        }
    });
    assert_eq!(zones(&without), laid_out, "somebody has removed the tag");
    let other = tampered(|key, found| {
        if is_vpc(key) {
            tag(found, Some("us-west-2c us-west-2d"))
        }
    });
    assert_eq!(zones(&other), laid_out, "somebody has changed the tag");
    let unread = tampered(|key, found| {
        if is_vpc(key) {
            found.clear()
        }
    });
    assert_eq!(zones(&unread), laid_out, "the VPC could not be read");
    let begun = tampered(|key, found| {
        if key.kind == Type::Subnet {
            found.clear()
        }
    });
    assert_eq!(zones(&begun), laid_out, "a run has ended before there were subnets");
    assert_eq!(zones(&tampered(|_, found| found.clear())), None);
}

#[test]
fn the_key_that_eks_has_found_behind_an_alias_stays() {
    let arn = |of: &str| format!("arn:aws:kms:us-west-2:123456789012:{of}");
    let yaml = format!("secretsEncryption: {{keyARN: \"{}\"}}\n", arn("alias/secrets"));
    let mut living = living(&graph(&yaml, &facts(), &Snapshot::default()));
    for found in living.found.values_mut().flatten() {
        if let Found::Present(live) = found
            && let Any::Cluster(cluster) = &mut live.properties
        {
            assert_eq!(cluster.encryption_config.replace(arn("key/1234")), Some(arn("alias/secrets")));
        }
    }
    let plan = plan(&graph(&yaml, &facts(), &living), &living);
    assert_eq!(tell(&plan), [""; 0]);
}

/// The version of Kubernetes is in extended support.
fn extended() -> Facts {
    let mut facts = facts();
    let ended = facts.now - std::time::Duration::from_secs(86_400);
    facts
        .versions
        .iter_mut()
        .filter(|it| it.version == "1.33")
        .for_each(|it| it.standard_until = Some(ended));
    facts
}

/// The policy of a cluster of version 1.33 in our own language.
fn policy(file: &str, facts: &Facts, living: &Snapshot) -> Result<String, String> {
    let head = "apiVersion: eksact.dev/v1alpha1\nkind: ClusterConfig\n";
    let text = format!("{head}metadata: {{name: demo, region: us-west-2, version: \"1.33\"}}\n{file}");
    let graph = desired(&model(&eksact::config::Source::new("own", text)), facts, living);
    let graph = graph.map_err(|wrong| wrong[0].primary.text.clone())?;
    let cluster = graph.nodes().iter().find_map(|node| match &node.resource {
        Any::Cluster(cluster) => cluster.upgrade_policy.support_type.clone(),
        _ => None,
    });
    Ok(cluster.unwrap())
}

#[test]
fn a_default_never_asks_for_a_support_that_is_over() {
    let (none, standard) = (Snapshot::default(), "upgradePolicy: {supportType: STANDARD}\n");
    assert_eq!(policy("", &facts(), &none).unwrap(), "STANDARD");
    assert_eq!(policy("", &extended(), &none).unwrap(), "EXTENDED");
    let said = policy(standard, &extended(), &none).unwrap_err();
    assert!(said.contains("EKS has it under `EXTENDED` only"), "{said}");
    // One that lives under it goes on.
    let small = "managedNodeGroups: []\nmetadata: {name: demo, region: us-west-2}\napiVersion: eksact.dev/v1alpha1\nkind: ClusterConfig\n";
    let small = model(&eksact::config::Source::new("own", small.to_owned()));
    let living = living(&desired(&small, &facts(), &none).unwrap());
    assert_eq!(policy("", &extended(), &living).unwrap(), "STANDARD");
    assert_eq!(policy(standard, &extended(), &living).unwrap(), "STANDARD");
}
