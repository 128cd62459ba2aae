//! Create, an empty plan, a scale, an edit, an empty plan, delete: and the account is as it was before.

use super::files::{DEFAULT, PRIVATE_SPOT, own_network, secure};
use super::shell::Shell;

/// What is done to a cluster in its life.
pub struct Life<'a> {
    /// The line that makes it.
    pub create: &'a str,
    /// Its name.
    pub cluster: &'a str,
    /// A node group of its, and how many nodes the file asks for; it allows for more.
    pub nodegroup: (&'a str, u32),
    /// What is replaced in its file, and by what.
    pub edit: (&'a str, &'a str),
}

impl Life<'_> {
    /// The whole of it, for a cluster whose file is `cluster.yaml`.
    pub fn lived_by(&self, it: &Shell) {
        let before = it.account.inventory();
        it.sent();
        it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(2).says("new cluster");
        it.nothing_sent();
        it.eksact(self.create).exits(0).says(&format!("{} is ready", self.cluster));
        self.changed(it);
        let gone = it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
        gone.says("Read again: nothing of it is left.");
        assert_eq!(it.account.inventory(), before);
        it.sent();
        it.eksact("delete cluster -f cluster.yaml --yes").exits(0).says("nothing to delete");
        it.nothing_sent();
    }

    fn changed(&self, it: &Shell) {
        let unchanged = || {
            it.sent();
            it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
            it.eksact("apply -f cluster.yaml").exits(0).says("No changes");
            it.nothing_sent();
        };
        unchanged();
        let (name, nodes) = self.nodegroup;
        let size = nodes + 1;
        let scale = format!("scale nodegroup --cluster {} --name {name} --nodes {size}", self.cluster);
        it.eksact(&format!("{scale} --region us-west-2")).exits(0).says(&format!("{size} nodes"));
        let noted = format!("{size} nodes, {nodes} when the file was last applied");
        it.eksact("plan -f cluster.yaml").exits(0).says(&noted);
        it.edit("cluster.yaml", self.edit.0, self.edit.1);
        it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(2);
        it.eksact("apply -f cluster.yaml").exits(0).says(&format!("{} is as its file says", self.cluster));
        it.sent();
        it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says(&noted);
        it.eksact("apply -f cluster.yaml").exits(0).says("No changes");
        it.nothing_sent();
    }
}

#[test]
fn from_flags() {
    let it = Shell::new();
    it.file(
        "cluster.yaml",
        &DEFAULT.replace("- name: ng1", "- name: ng1\n    desiredCapacity: 2\n    maxSize: 4"),
    );
    let flags = "create cluster --name demo --region us-west-2 --nodegroup-name ng1 --nodes 2 --nodes-max 4";
    Life {
        create: flags,
        cluster: "demo",
        nodegroup: ("ng1", 2),
        edit: ("- name: ng1", "- name: ng1\n    labels: {team: web}"),
    }
    .lived_by(&it);
}

#[test]
fn from_all_flags() {
    let it = Shell::new();
    let flags = "create cluster shop --region eu-west-1 --version 1.33 --nodes 3 --nodes-min 1 --nodes-max 5 \
         --node-type m6i.large --nodegroup-name web --spot --zones eu-west-1b,eu-west-1a \
         --vpc-cidr 10.7.0.0/16 --vpc-nat-mode Disable --tags team=payments,stage=beta";
    it.eksact(flags).exits(0).says("shop is ready");
    it.sent();
    it.eksact(flags).exits(0).says("No changes");
    it.nothing_sent();
    it.file(
        "cluster.yaml",
        "apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: shop, region: eu-west-1, version: '1.33', tags: {team: payments, stage: beta}}
availabilityZones: [eu-west-1b, eu-west-1a]
vpc: {cidr: 10.7.0.0/16, nat: {gateway: Disable}}
managedNodeGroups:
  - {name: web, instanceType: m6i.large, desiredCapacity: 3, minSize: 1, maxSize: 5, spot: true}
",
    );
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
    it.eksact("delete cluster shop --region eu-west-1 --yes").exits(0);
    assert_eq!(it.account.inventory(), [""; 0]);
}

#[test]
fn of_the_default_file() {
    let it = Shell::new();
    it.file("cluster.yaml", &format!("{DEFAULT}    maxSize: 3\n"));
    Life {
        create: "create cluster -f cluster.yaml",
        cluster: "demo",
        nodegroup: ("ng1", 2),
        edit: ("- name: ng1", "- name: ng1\n    volumeSize: 100"),
    }
    .lived_by(&it);
}

#[test]
fn of_an_own_network_with_nat_in_each_zone_logs_and_taints() {
    let it = Shell::new();
    it.file("cluster.yaml", &own_network(&it.account.kms_key()));
    Life {
        create: "apply -f cluster.yaml",
        cluster: "shop",
        nodegroup: ("general", 3),
        edit: ("value: \"true\", effect: NoSchedule", "value: \"false\", effect: NoExecute"),
    }
    .lived_by(&it);
}

#[test]
fn of_private_spot_nodes_with_more_addons() {
    let it = Shell::new();
    it.file("cluster.yaml", PRIVATE_SPOT);
    Life {
        create: "apply -f cluster.yaml",
        cluster: "builds",
        nodegroup: ("spot", 1),
        edit: ("WARM_PREFIX_TARGET: \"1\"", "WARM_PREFIX_TARGET: \"2\""),
    }
    .lived_by(&it);
}

#[test]
fn under_secure_defaults() {
    let it = Shell::new();
    it.file("cluster.yaml", &secure(&it.account.number, &it.account.kms_key()));
    Life {
        create: "apply -f cluster.yaml",
        cluster: "vault",
        nodegroup: ("general", 2),
        edit: ("[203.0.113.0/24]", "[203.0.113.0/24, 198.51.100.0/24]"),
    }
    .lived_by(&it);
}
