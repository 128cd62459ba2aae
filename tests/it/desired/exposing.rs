//! Whether load balancers find the subnets of a given network.

use std::collections::BTreeMap;

use eksact::resource::Remark;
use eksact::world::Snapshot;

use super::desk::{facts, graph};

const GIVEN: &str = "\
apiVersion: eksact.dev/v1alpha1
vpc:
  id: vpc-11111111
  subnets:
    public: {a: {id: subnet-aaaaaaa1}, b: {id: subnet-aaaaaaa2}}
    private: {a: {id: subnet-bbbbbbb1}, b: {id: subnet-bbbbbbb2}}
";
const CONTROLLER: &str = "components: [{name: aws-load-balancer-controller}]\n";
const PUBLIC: &str = "kubernetes.io/role/elb";

/// What is said of them, by their tags.
fn told(components: &str, tags: &[(&str, &str, &str)]) -> Vec<Remark> {
    let mut facts = facts();
    for (subnet, key, value) in tags {
        let subnet = facts.subnets.get_mut(*subnet).unwrap();
        subnet.tags.insert((*key).to_owned(), (*value).to_owned());
    }
    let graph = graph(&format!("{GIVEN}{components}"), &facts, &Snapshot::default());
    let told = graph.remarks().iter().map(|(_, remark)| remark.clone());
    told.filter(|it| matches!(it, Remark::NotForLoadBalancers { .. })).collect()
}

#[test]
fn subnets_that_are_passed_over_are_named_where_too_few_are_left() {
    let (one, other) = ("subnet-aaaaaaa1", "subnet-aaaaaaa2");
    let of_demo = "kubernetes.io/cluster/demo";
    let hidden = |subnets: &[&str]| {
        let subnets = subnets.iter().map(|it| (*it).to_owned()).collect();
        vec![Remark::NotForLoadBalancers { role: PUBLIC.to_owned(), subnets }]
    };
    type Case = (Vec<(&'static str, &'static str, &'static str)>, Vec<Remark>);
    let cases: BTreeMap<&str, Case> = [
        ("their routes decide", (vec![], vec![])),
        ("one has the role", (vec![(one, PUBLIC, "1")], hidden(&[other]))),
        ("both have it", (vec![(one, PUBLIC, "1"), (other, PUBLIC, "")], vec![])),
        ("it is turned off", (vec![(one, PUBLIC, "1"), (other, PUBLIC, "0")], hidden(&[other]))),
        ("another cluster's", (vec![(other, "kubernetes.io/cluster/else", "shared")], hidden(&[other]))),
        (
            "shared with ours",
            (vec![(other, "kubernetes.io/cluster/else", "shared"), (other, of_demo, "shared")], vec![]),
        ),
    ]
    .into();
    for (case, (tags, wanted)) in cases {
        assert_eq!(told(CONTROLLER, &tags), wanted, "{case}");
        assert_eq!(told("", &tags), [], "nobody looks for them: {case}");
    }
}
