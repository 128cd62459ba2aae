//! The table on clusters that live in the local AWS: each edit is planned as the table says, only its calls are
//! sent, and then nothing is left to do; or it is refused, and nothing is sent. What others have put on the
//! network stays.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use aws_sdk_ec2::types::Tag;
use eksact::apply::{Options, apply};
use eksact::config::{Source, read};
use eksact::ops::{OpsError, Site, Within, draft, removal};
use eksact::plan::Plan;
use serde_json::json;
use tokio::sync::mpsc::unbounded_channel;
use tokio_util::sync::CancellationToken;

use super::{Row, access, addons, cluster, components, edits, identities, network, nodes, tell, volumes};
use crate::stack::Account;

const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sts:AssumeRole","sts:TagSession"],
    "Principal":{"Service":["eks.amazonaws.com","ec2.amazonaws.com","pods.eks.amazonaws.com"]}}]}"#;

/// An account with all that the files of the table name, and the cluster that lives in it.
struct Place {
    account: Account,
    site: Site,
    /// What stands in the table, and what it is here.
    names: BTreeMap<&'static str, String>,
    /// The file that was applied last, as it stands in the table.
    living: Option<String>,
}

impl Place {
    async fn new() -> Self {
        let account = Account::new();
        let site = Site::new(account.aws("demo").await, "demo", Within::LeftOut);
        let drivers = [1, 2, 3, 4].map(|patch| format!("v1.50.{patch}-eksbuild.1"));
        account.settings(json!({ "releases": {
            "addons": { "aws-ebs-csi-driver": drivers },
            "addon_defaults": { "aws-ebs-csi-driver": "v1.50.3-eksbuild.1" },
        }}));
        let mut names = BTreeMap::from([
            ("123456789012", account.number.clone()),
            ("arn:aws:kms:us-west-2:123456789012:key/7c0a59a2", account.kms_key()),
            ("arn:aws:kms:us-west-2:123456789012:key/0c1b2d3e", account.kms_key()),
            ("alias/one", account.kms_key()),
            ("alias/other", account.kms_key()),
            ("policy/One", "policy/AmazonSSMManagedInstanceCore".to_owned()),
            ("policy/Other", "policy/CloudWatchAgentServerPolicy".to_owned()),
            ("\"a\": 1", "\"node\": {}".to_owned()),
            ("\"a: 2\"", "'{\"controller\": {\"replicaCount\": 1}}'".to_owned()),
        ]);
        networks(&account, &mut names).await;
        roles(&account).await;
        account.calls();
        Self { account, site, names, living: None }
    }

    /// A file of the table, as it is written here. The longest names come first: some hold others.
    fn here(&self, text: &str) -> Source {
        let mut names: Vec<_> = self.names.iter().collect();
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        let text = names.iter().fold(text.to_owned(), |text, (name, here)| text.replace(*name, here));
        Source::new("cluster.yaml", text)
    }

    /// Its plan; or the codes of what stands in its way.
    async fn planned(&self, text: &str) -> Result<Plan, Vec<String>> {
        let outcome = read(&self.here(text));
        let codes = outcome.diagnostics.iter().map(|it| it.code.id().to_owned()).collect();
        let Some(file) = outcome.cluster else { return Err(codes) };
        match draft(&self.site, &file, None).await {
            Ok(draft) => Ok(draft.plan),
            Err(OpsError::File { wrong, .. }) => {
                Err(wrong.iter().map(|it| it.code.id().to_owned()).collect())
            }
            Err(OpsError::Account { .. }) => Err(vec!["E0401".to_owned()]),
            Err(error) => panic!("{error}\n{text}"),
        }
    }

    /// With the account that the table has.
    fn as_in_the_table(&self, said: Vec<String>) -> Vec<String> {
        said.iter().map(|line| line.replace(&self.account.number, "123456789012")).collect()
    }

    async fn carry_out(&self, plan: &Plan) {
        let (events, _) = unbounded_channel();
        let stop = CancellationToken::new();
        let summary = apply(plan, &self.site, Options::default(), &stop, events).await.unwrap();
        assert!(summary.is_complete(), "{summary:#?}");
    }

    /// Lets the cluster of this file live; whether it can.
    async fn live(&mut self, text: &str) -> bool {
        if self.living.as_deref() == Some(text) && !self.has_old_versions() {
            return true;
        }
        if self.living.take().is_some() {
            let plan = removal(&self.site, "demo", &[]).await.unwrap().plan;
            self.carry_out(&plan).await;
        }
        match self.planned(text).await {
            Ok(plan) if plan.changes().is_ok() => self.carry_out(&plan).await,
            _ => return false,
        }
        self.living = Some(text.to_owned());
        self.mark_network().await;
        true
    }

    /// Somebody deletes what EKS has left: it would be found by the next file.
    async fn forget_logs(&self) {
        let logs = aws_sdk_cloudwatchlogs::Client::new(&self.account.sdk().await);
        for group in logs.describe_log_groups().send().await.unwrap().log_groups.unwrap_or_default() {
            let delete = logs.delete_log_group().log_group_name(group.log_group_name.unwrap());
            delete.send().await.unwrap();
        }
    }

    /// Somebody puts a tag on the VPC.
    async fn mark_network(&self) {
        let ec2 = aws_sdk_ec2::Client::new(&self.account.sdk().await);
        let tag = Tag::builder().key("owner").value("network team").build();
        for vpc in ec2.describe_vpcs().send().await.unwrap().vpcs.unwrap() {
            ec2.create_tags().resources(vpc.vpc_id.unwrap()).tags(tag.clone()).send().await.unwrap();
        }
    }

    /// What differs from what one edit of the table should be.
    async fn wrong(&mut self, after: &str, changes: &[&str]) -> Option<String> {
        self.account.calls();
        let plan = match self.planned(after).await {
            Ok(plan) => plan,
            Err(codes) => return self.told(codes, changes),
        };
        let said = self.as_in_the_table(tell(&plan));
        if said != changes || plan.changes().is_err() {
            return self.told(said, changes);
        }
        let mut planned: Vec<_> = plan.changes().unwrap().iter().flat_map(|it| &it.operations).collect();
        planned.sort_by_key(|it| it.action());
        self.account.calls();
        self.carry_out(&plan).await;
        // A call that a young role or a busy cluster turns away is made again.
        let sent = self.account.calls().into_iter().filter(|call| call.mutating && call.code.is_empty());
        let mut sent: Vec<_> = sent.map(|call| call.operation).collect();
        sent.sort();
        let planned: Vec<_> = planned.iter().map(|it| it.action()).collect();
        self.living = Some(after.to_owned());
        if sent != planned {
            return Some(format!("sent {sent:?}\n  planned {planned:?}"));
        }
        let left = tell(&self.planned(after).await.unwrap());
        (!left.is_empty()).then(|| format!("left to do: {}", left.join("\n  ")))
    }

    /// That it is what it should be, and that nothing was sent for it.
    fn told(&self, said: Vec<String>, changes: &[&str]) -> Option<String> {
        let sent: Vec<_> = self.account.calls().into_iter().filter(|call| call.mutating).collect();
        assert!(sent.is_empty(), "{sent:#?}");
        (said != changes).then(|| said.join("\n  "))
    }

    /// Whether a launch template has versions that were left behind, and that an edit could use again: what the
    /// table says is of a cluster that has none.
    fn has_old_versions(&self) -> bool {
        let is_old = |line: &String| line.contains("eksact-demo-") && !line.contains("versions=1\t");
        self.account.inventory().iter().any(is_old)
    }

    /// How many networks carry the tag of somebody else.
    fn marked(&self) -> (usize, usize) {
        let inventory = self.account.inventory();
        let networks = inventory.iter().filter(|line| line.starts_with("ec2\tvpc\t"));
        (networks.clone().count(), networks.filter(|line| line.contains("owner=network team")).count())
    }
}

/// The networks of the table, and a third for what is made.
async fn networks(account: &Account, names: &mut BTreeMap<&'static str, String>) {
    let ec2 = aws_sdk_ec2::Client::new(&account.sdk().await);
    let networks: [(&str, &str, &[_]); 2] = [
        (
            "vpc-11111111",
            "10.0.0.0/16",
            &[
                ("subnet-aaaaaaa1", "us-west-2a", "10.0.0.0/24"),
                ("subnet-aaaaaaa2", "us-west-2b", "10.0.1.0/24"),
                ("subnet-bbbbbbb1", "us-west-2a", "10.0.10.0/24"),
                ("subnet-bbbbbbb2", "us-west-2b", "10.0.11.0/24"),
                ("subnet-bbbbbbb3", "us-west-2b", "10.0.12.0/24"),
            ],
        ),
        ("vpc-22222222", "10.9.0.0/16", &[("subnet-ccccccc1", "us-west-2a", "10.9.0.0/24")]),
    ];
    for (name, range, subnets) in networks {
        let vpc = ec2.create_vpc().cidr_block(range).send().await.unwrap().vpc.unwrap().vpc_id.unwrap();
        for (name, zone, range) in subnets {
            let subnet = ec2.create_subnet().vpc_id(&vpc).availability_zone(*zone).cidr_block(*range);
            names.insert(name, subnet.send().await.unwrap().subnet.unwrap().subnet_id.unwrap());
        }
        names.insert(name, vpc);
    }
}

async fn roles(account: &Account) {
    let iam = aws_sdk_iam::Client::new(&account.sdk().await);
    let policies = [
        "AmazonEKSClusterPolicy",
        "AmazonEKSWorkerNodePolicy",
        "AmazonEKS_CNI_Policy",
        "AmazonEC2ContainerRegistryPullOnly",
    ];
    for name in ["control-plane", "nodes", "pods"] {
        iam.create_role().role_name(name).assume_role_policy_document(TRUST).send().await.unwrap();
        for policy in policies {
            let arn = format!("arn:aws:iam::aws:policy/{policy}");
            iam.attach_role_policy().role_name(name).policy_arn(arn).send().await.unwrap();
        }
    }
}

/// Each edit of these rows, one after the other in one account.
async fn check(rows: &[Row]) {
    let mut place = Place::new().await;
    let mut wrong = String::new();
    for field in rows.iter().map(Row::field) {
        for (title, before, after, changes) in edits(&field) {
            // Where a file cannot be applied, nothing lives that it could be changed from.
            let lives = place.live(before).await || place.live(&field.none).await;
            assert!(lives, "{title}: neither file can be applied");
            if !before.contains("clusterLogging") {
                place.forget_logs().await;
            }
            if let Some(said) = place.wrong(after, changes).await {
                wrong += &format!("\n{title}\n  {said}\n");
                place.living = Some(String::new());
            }
            let (networks, marked) = place.marked();
            assert_eq!(networks, marked, "{title}: somebody else's tag is gone");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[tokio::test]
async fn of_the_cluster() {
    check(cluster::ROWS).await;
}

#[tokio::test]
async fn of_those_who_are_let_in() {
    check(access::ROWS).await;
}

#[tokio::test]
async fn of_its_own_network() {
    check(network::OWN).await;
}

#[tokio::test]
async fn of_a_given_network() {
    check(network::GIVEN).await;
}

#[tokio::test]
async fn of_addons() {
    check(addons::ROWS).await;
}

#[tokio::test]
async fn of_components_that_are_addons() {
    check(components::ADDONS).await;
}

#[tokio::test]
async fn of_identities() {
    check(identities::ROWS).await;
}

#[tokio::test]
async fn of_nodes() {
    check(nodes::ROWS).await;
}

#[tokio::test]
async fn of_volumes() {
    check(volumes::ROWS).await;
}
