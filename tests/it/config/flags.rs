//! Files made of flags.

use eksact::config::{Choices, ComponentFlags, Flags, Habitat, NodegroupFlags, read};
use eksact::view::diagnostics::render;

fn flags() -> Flags {
    Flags { name: "demo".to_owned(), region: "us-west-2".to_owned(), ..Flags::default() }
}

fn everything() -> Flags {
    Flags {
        version: Some("1.30".to_owned()),
        nodes: Some(3),
        nodes_min: Some(1),
        nodes_max: Some(5),
        node_type: Some("m7g.large".to_owned()),
        nodegroup_name: Some("on".to_owned()),
        spot: true,
        zones: vec!["us-west-2a".to_owned(), "us-west-2b".to_owned()],
        vpc_cidr: Some("10.0.0.0/16".to_owned()),
        vpc_nat_mode: Some("HighlyAvailable".to_owned()),
        tags: vec![("cost center".to_owned(), "0123".to_owned()), ("yes".to_owned(), "1e3".to_owned())],
        ..flags()
    }
}

fn said(flags: &Flags) -> String {
    let source = flags.source();
    render(&source, &read(&source).diagnostics)
}

#[test]
fn the_fewest_are_a_file_with_one_node_group() {
    insta::assert_snapshot!(flags().source().text);
    assert_eq!(said(&flags()), "");
}

#[test]
fn all_of_them_are_read_without_a_word() {
    insta::assert_snapshot!(everything().source().text);
    assert_eq!(said(&everything()), "", "text that means something to YAML is in quotes");
}

#[test]
fn what_is_wrong_is_said_as_of_any_file() {
    let wrong =
        Flags { nodes: Some(9), nodes_max: Some(4), vpc_nat_mode: Some("single".to_owned()), ..flags() };
    insta::assert_snapshot!(said(&wrong));
}

/// Flags make a cluster with nodes, which are labelled with both names.
#[test]
fn names_that_cannot_be_labels_are_refused() {
    let long = format!("a{}", "0".repeat(63));
    for (name, group) in [("demo-", "a"), (&long, "a"), ("demo", "a-")] {
        let flags = Flags { name: name.to_owned(), nodegroup_name: Some(group.to_owned()), ..flags() };
        assert!(said(&flags).starts_with("error[E0216]"), "{}", said(&flags));
    }
    let habitat = Habitat {
        cluster: "demo".to_owned(),
        region: "us-west-2".to_owned(),
        authentication_mode: "API".to_owned(),
        ..Habitat::default()
    };
    let alone = |name: &str| {
        let source = NodegroupFlags { name: name.to_owned(), ..NodegroupFlags::default() }.source(&habitat);
        render(&source, &read(&source).diagnostics)
    };
    assert!(alone("a-").starts_with("error[E0216]") && alone("a").is_empty(), "{}", alone("a-"));
    let just = Flags { name: "a".repeat(63), nodegroup_name: Some("b".repeat(63)), ..flags() };
    assert_eq!(said(&just), "");
}

/// They are of our language alone, and nothing else becomes another cluster by that.
#[test]
fn with_components_every_default_is_still_eksctls() {
    let filled = |flags: &Flags| {
        let mut file = read(&flags.source()).cluster.unwrap().filled(&Choices::default());
        (file["apiVersion"].take(), file["components"].take(), file)
    };
    for plain in [flags(), everything()] {
        let components = ["storage", "cluster-autoscaler@v1.34.5"].map(ComponentFlags::of).to_vec();
        let with = Flags { components, ..plain.clone() };
        assert_eq!(said(&with), "");
        let (before, after) = (filled(&plain), filled(&with));
        assert_eq!((before.0, before.2), ("eksctl.io/v1alpha5".into(), after.2));
        assert_eq!((after.0, &after.1[1]["version"]), ("eksact.dev/v1alpha1".into(), &"v1.34.5".into()));
    }
}

#[test]
fn what_is_wrong_with_components_is_said_as_of_any_file() {
    let components = vec![ComponentFlags::of("cluster-autoscaler@1.34.5"), ComponentFlags::of("nginx")];
    insta::assert_snapshot!(said(&Flags { components, ..flags() }));
}

#[test]
fn whatever_is_typed_stays_what_it_is() {
    for typed in
        ["yes", "~", "- a", "a: b", "#", "'", "\"", "{", "[x]", "&a", "*a", "!a", "0x1", "1_0", "", " ", "\n"]
    {
        let tags = vec![(typed.to_owned(), typed.to_owned()), ("other".to_owned(), "one".to_owned())];
        let source = Flags { tags, ..flags() }.source();
        let (documents, wrong) = eksact::config::tree::parse(&source.text);
        let json = eksact::config::tree::to_json(&documents[0].root);
        assert_eq!((wrong.len(), &json["metadata"]["tags"][typed]), (0, &typed.into()), "{}", source.text);
    }
}

#[test]
fn the_name_of_the_node_group_follows_from_the_cluster() {
    assert_eq!(flags().nodegroup_name(), flags().nodegroup_name());
    let other = Flags { region: "eu-west-1".to_owned(), ..flags() };
    assert_ne!(flags().nodegroup_name(), other.nodegroup_name());
    assert!(flags().nodegroup_name().len() == 11 && flags().nodegroup_name().starts_with("ng-"));
}
