//! Comments that allow departures: what they are about, and what is said of those that are about nothing.

use eksact::config::Code;
use eksact::view::diagnostics::place;

use super::cases::source;
use super::departures::good;

const HEAD: &str =
    "apiVersion: eksact.dev/v1alpha1\nkind: ClusterConfig\nmetadata: {name: demo, region: us-west-2}\n";
const FILE: &str = "\
vpc:
  cidr: 10.0.0.0/16
  clusterEndpoints:
    privateAccess: false
managedNodeGroups:
  - name: one
    volumeType: gp2
    privateNetworking: false
  - name: two
    volumeType: gp2
    labels: {a: b}
";

/// What is allowed, with the lines of departures and waivers; and what is said of waivers.
fn told(text: &str) -> (Vec<String>, Vec<String>) {
    let outcome = good(text);
    let line = |at| place(&source(text), at).split(':').nth(1).map_or_else(String::new, str::to_owned);
    let allowed = outcome.departures.iter().filter_map(|it| {
        let waiver = it.waiver.as_ref()?;
        Some(format!("{} {} by {}: {}", line(it.at), it.check.name, line(waiver.at), waiver.reason))
    });
    let said = outcome.diagnostics.iter().map(|it| {
        format!(
            "{} {} {}",
            place(&source(text), it.primary.span).replace("cluster.yaml:", ""),
            it.code.id(),
            it.primary.text
        )
    });
    (allowed.collect(), said.collect())
}

/// A comment put before or behind a part of the file, and what it allows.
fn allows(at: &str, comment: &str) -> Vec<String> {
    assert!(FILE.contains(at), "{at}");
    let text = format!("{HEAD}{}", FILE.replacen(at, comment, 1));
    let (allowed, said) = told(&text);
    assert_eq!(said, [""; 0], "{text}");
    allowed
}

#[test]
fn beside_a_line_it_is_for_that_line() {
    let beside =
        allows("privateAccess: false", "privateAccess: false # eksact:allow private-endpoint: not yet");
    assert_eq!(beside, ["7 private-endpoint by 7: not yet"]);
    let item = allows("- name: two", "- name: two   # eksact:allow volume-type: old: but: ours");
    assert_eq!(item, ["13 volume-type by 12: old: but: ours"]);
    let section = allows("vpc:", "vpc: #eksact:allow public-endpoint, private-endpoint: for a while");
    assert_eq!(section, ["4 public-endpoint by 4: for a while", "7 private-endpoint by 4: for a while"]);
}

#[test]
fn above_a_line_it_is_for_what_is_below() {
    let field =
        allows("    privateAccess", "    # eksact:allow private-endpoint: not yet\n    privateAccess");
    assert_eq!(field, ["8 private-endpoint by 7: not yet"]);
    let item =
        allows("  - name: two", "  # ours\n  # eksact:allow volume-type: old\n  # and more\n\n  - name: two");
    assert_eq!(item, ["17 volume-type by 13: old"]);
    let list = allows("managedNodeGroups", "# eksact:allow volume-type: old\nmanagedNodeGroups");
    assert_eq!(list, ["11 volume-type by 8: old", "14 volume-type by 8: old"]);
}

#[test]
fn in_a_section_it_is_for_what_is_not_written_there() {
    for (at, comment) in [
        ("  cidr", "  # eksact:allow public-endpoint: a lab\n  cidr"),
        ("10.0.0.0/16", "10.0.0.0/16 # eksact:allow public-endpoint: a lab"),
        ("managedNodeGroups", "  # eksact:allow public-endpoint: a lab\nmanagedNodeGroups"),
    ] {
        let allowed = allows(at, comment);
        assert!(allowed.len() == 1 && allowed[0].starts_with("4 public-endpoint by "), "{allowed:?}");
    }
    // At the top, it is for whole sections that are not there.
    let top = allows("managedNodeGroups", "# eksact:allow secrets-encryption: no secrets\nmanagedNodeGroups");
    assert_eq!(top, ["1 secrets-encryption by 8: no secrets"]);
    let last =
        allows("    labels: {a: b}\n", "    labels: {a: b}\n# eksact:allow secrets-encryption: no secrets");
    assert_eq!(last, ["1 secrets-encryption by 15: no secrets"]);
}

#[test]
fn above_everything_it_is_for_the_whole_file() {
    let text = format!("# A lab.\n# eksact:allow volume-type, CKV_AWS_58: a lab\n\n---\n{HEAD}{FILE}");
    let (allowed, said) = told(&text);
    assert_eq!(said, [""; 0]);
    let all =
        ["5 secrets-encryption by 2: a lab", "14 volume-type by 2: a lab", "17 volume-type by 2: a lab"];
    assert_eq!(allowed, all);
}

#[test]
fn what_only_looks_like_one_is_none() {
    let text = format!(
        "{HEAD}{}addons:\n  - name: coredns\n    configurationValues: |\n      # eksact:allow public-endpoint: text\n      replicaCount: 2\n",
        FILE.replace("{a: b}", "{a: \"# eksact:allow volume-type: text\"}").replace("# eksact", "#eksact")
    );
    let outcome = eksact::config::read(&source(&text));
    assert!(outcome.departures.iter().all(|it| it.waiver.is_none()), "{:?}", outcome.diagnostics);
    assert!(outcome.diagnostics.iter().all(|it| it.code != Code::IdleWaiver && it.code != Code::BadWaiver));
}

#[test]
fn one_that_allows_nothing_is_said_at_its_line() {
    let said =
        |comment: &str| told(&format!("{HEAD}{}", FILE.replace("  cidr", &format!("  # {comment}\n  cidr"))));
    let form = "write `# eksact:allow CHECK: REASON`";
    for comment in [
        "eksact:allow public-endpoint",
        "eksact:allow public-endpoint:  ",
        "eksact:allow : why",
        "eksact: deny public-endpoint",
        "eksact:allow",
        "eksact:allowed public-endpoint: why",
    ] {
        let (allowed, found) = said(comment);
        assert_eq!((allowed, found), (vec![], vec![format!("5:3 W0307 {form}")]), "{comment}");
    }
    assert_eq!(said("eksact:allow public-endpont: why").1, ["5:18 W0308 did you mean `public-endpoint`?"]);
    assert_eq!(said("eksact:allow CKV_AWS_999: why").1, ["5:18 W0308 allows nothing"]);
    assert_eq!(said("eksact:allow imds-v1: why").1, ["5:18 W0309 remove it"]);
    assert_eq!(said("eksact:allow volume-type: why").1, ["5:18 W0309 move it to where it is"]);
    // Of several, each is looked at by itself.
    let (allowed, found) = said("eksact:allow public-endpoint, imds-v1: why");
    assert_eq!(allowed, ["4 public-endpoint by 5: why"]);
    assert_eq!(found, ["5:35 W0309 remove it"]);
}

#[test]
fn a_waiver_whose_cause_is_gone_is_said() {
    let text = format!("{HEAD}{FILE}").replace("gp2", "gp2   # eksact:allow volume-type: old");
    assert_eq!(told(&text).1, [""; 0]);
    let (allowed, said) = told(&text.replacen("gp2", "gp3", 1));
    assert_eq!(said, ["10:38 W0309 move it to where it is"]);
    assert_eq!(allowed, ["13 volume-type by 13: old"]);
}
