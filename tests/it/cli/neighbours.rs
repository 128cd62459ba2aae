//! Other clusters and other people's things, which nothing of ours may touch.

use super::files::{DEFAULT, with};
use super::shell::Shell;
use super::until::{if_so, until};

/// The lines of the inventory that say this.
fn lines(it: &Shell, of: &str) -> Vec<String> {
    it.account.inventory().into_iter().filter(|line| line.contains(of)).collect()
}

#[test]
fn two_clusters_in_one_region_at_once() {
    let one = Shell::new();
    let other = one.colleague("OTHER");
    one.file("cluster.yaml", DEFAULT);
    other.file("cluster.yaml", &DEFAULT.replace("name: demo", "name: demo-2"));
    let both = |first: &str, second: &str| {
        std::thread::scope(|scope| {
            scope.spawn(|| one.eksact(first).exits(0));
            other.eksact(second).exits(0);
        });
    };
    both("apply -f cluster.yaml", "apply -f cluster.yaml");
    both("plan -f cluster.yaml --detailed-exitcode", "plan -f cluster.yaml --detailed-exitcode");
    let theirs = lines(&one, "eksact.dev/cluster=demo-2");
    one.eksact("delete cluster -f cluster.yaml --yes").exits(0);
    assert_eq!(lines(&one, "eksact.dev/cluster=demo-2"), theirs);
    assert_eq!(lines(&one, "eksact.dev/cluster=demo,"), [""; 0]);
    other.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
    other.eksact("delete cluster -f cluster.yaml --yes").exits(0);
    assert_eq!(one.account.inventory(), [""; 0]);
}

/// Nothing keeps two runs apart: whatever they do to each other, one more puts it right.
#[test]
fn one_cluster_twice_at_once() {
    for _ in 0..3 {
        let it = Shell::new();
        let other = it.colleague("OTHER");
        for shell in [&it, &other] {
            shell.file("cluster.yaml", DEFAULT);
        }
        std::thread::scope(|scope| {
            scope.spawn(|| it.eksact("create cluster -f cluster.yaml"));
            other.eksact("create cluster -f cluster.yaml");
        });
        it.eksact("apply -f cluster.yaml --yes").exits(0);
        it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
        let networks = lines(&it, "eksact.dev/key=vpc/main");
        assert_eq!(networks.len(), 1, "{networks:#?}");
        it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
        assert_eq!(it.account.inventory(), [""; 0]);
    }
}

#[test]
fn one_name_in_two_regions() {
    let it = Shell::new();
    it.file("west.yaml", DEFAULT);
    it.file("east.yaml", &DEFAULT.replace("us-west-2", "us-east-1"));
    it.eksact("apply -f west.yaml").exits(0);
    it.eksact("apply -f east.yaml").exits(0);
    it.eksact("plan -f west.yaml --detailed-exitcode").exits(0);
    let east = |it: &Shell| -> Vec<String> {
        let of = |line: &String| line.contains("us-east-1");
        it.account.inventory().into_iter().filter(of).collect()
    };
    let before = east(&it);
    assert!(before.len() > 30, "{before:?}");
    it.eksact("delete cluster --name demo --region us-west-2 --yes").exits(0);
    assert_eq!(east(&it), before);
    it.eksact("plan -f east.yaml --detailed-exitcode").exits(0).says("No changes");
    it.eksact("delete cluster --name demo --region us-east-1 --yes").exits(0);
    assert_eq!(it.account.inventory(), [""; 0]);
}

async fn foreign_role(it: &Shell, name: &str) {
    let iam = aws_sdk_iam::Client::new(&it.account.sdk().await);
    let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"eks.amazonaws.com"}}]}"#;
    iam.create_role().role_name(name).assume_role_policy_document(trust).send().await.unwrap();
    it.account.calls();
}

async fn foreign_template(it: &Shell, name: &str) {
    let ec2 = aws_sdk_ec2::Client::new(&it.account.sdk().await);
    let data = aws_sdk_ec2::types::RequestLaunchTemplateData::builder()
        .instance_type(aws_sdk_ec2::types::InstanceType::T3Micro)
        .build();
    ec2.create_launch_template().launch_template_name(name).launch_template_data(data).send().await.unwrap();
    it.account.calls();
}

#[tokio::test]
async fn a_name_that_somebody_else_holds_is_said_before_anything_is_made() {
    let (role, template) = (Shell::new(), Shell::new());
    foreign_role(&role, "demo-us-west-2-nodegroup-ng1").await;
    foreign_template(&template, "eksact-demo-ng1").await;
    for (it, key) in [(role, "role/nodegroup-ng1"), (template, "launch-template/ng1")] {
        let before = it.account.inventory();
        it.file("cluster.yaml", DEFAULT);
        it.eksact("plan -f cluster.yaml").exits(1).says(key).says("refused");
        it.eksact("apply -f cluster.yaml").exits(1).says(key);
        it.eksact("create cluster -f cluster.yaml").exits(1).says(key);
        it.eksact("delete cluster -f cluster.yaml --yes").exits(0).says("nothing to delete");
        it.nothing_sent();
        assert_eq!(it.account.inventory(), before);
    }
}

/// Nothing is taken away from under a control plane that is only not known as ours any more.
#[tokio::test]
async fn a_cluster_that_has_lost_its_tags_keeps_all_that_serves_it() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    let eks = aws_sdk_eks::Client::new(&it.account.sdk().await);
    let cluster = eks.describe_cluster().name("demo").send().await.unwrap().cluster.unwrap();
    let (arn, tags) = (cluster.arn.unwrap(), cluster.tags.unwrap());
    let keys = tags.into_keys().collect();
    eks.untag_resource().resource_arn(&arn).set_tag_keys(Some(keys)).send().await.unwrap();
    let before = it.account.inventory();
    it.sent();
    let refused = it.eksact("delete cluster -f cluster.yaml --yes").exits(1).says("carries no tag of eksact");
    let again = format!(
        "aws eks tag-resource --region us-west-2 --resource-arn {arn} --tags eksact.dev/cluster=demo,eksact.dev/key=cluster/demo"
    );
    refused.says("nothing was touched").says(&again);
    for line in ["plan -f cluster.yaml", "apply -f cluster.yaml --yes", "create cluster -f cluster.yaml"] {
        it.eksact(line).exits(1).says("but ").says("is ours and serves it").says(&again);
    }
    it.nothing_sent();
    assert_eq!(it.account.inventory(), before);
    let tag = eks.tag_resource().resource_arn(&arn).tags("eksact.dev/cluster", "demo");
    tag.tags("eksact.dev/key", "cluster/demo").send().await.unwrap();
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
    assert_eq!(it.account.inventory(), [""; 0]);
}

#[tokio::test]
async fn things_with_similar_names_stay() {
    let it = Shell::new();
    foreign_role(&it, "demo-us-west-2-cluster-2").await;
    foreign_template(&it, "eksact-demo-ng2").await;
    let ec2 = aws_sdk_ec2::Client::new(&it.account.sdk().await);
    let vpc =
        ec2.create_vpc().cidr_block("192.168.0.0/16").send().await.unwrap().vpc.unwrap().vpc_id.unwrap();
    let tag = |key: &str, value: &str| aws_sdk_ec2::types::Tag::builder().key(key).value(value).build();
    let tags = [tag("Name", "demo/vpc/main"), tag("alpha.eksctl.io/cluster-name", "demo")];
    ec2.create_tags().resources(&vpc).set_tags(Some(tags.to_vec())).send().await.unwrap();
    let before = it.account.inventory();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0);
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
    assert_eq!(it.account.inventory(), before);
}

#[tokio::test]
async fn a_cluster_of_the_same_name_that_somebody_else_has_made() {
    let it = Shell::new();
    it.file("cluster.yaml", &super::given::network(&it).await);
    let ec2 = aws_sdk_ec2::Client::new(&it.account.sdk().await);
    let subnets = ec2.describe_subnets().send().await.unwrap().subnets.unwrap();
    let of_network = subnets.iter().filter(|it| it.cidr_block().unwrap().starts_with("10.0."));
    let ids = of_network.map(|it| it.subnet_id.clone().unwrap()).collect();
    let network = aws_sdk_eks::types::VpcConfigRequest::builder().set_subnet_ids(Some(ids)).build();
    let eks = aws_sdk_eks::Client::new(&it.account.sdk().await);
    let role = format!("arn:aws:iam::{}:role/eks/control-plane", it.account.number);
    let theirs = eks.create_cluster().name("guest").role_arn(role).resources_vpc_config(network);
    theirs.send().await.unwrap();
    until("their cluster is there", || {
        let told = it.eksact("get cluster guest --region us-west-2").exits(0);
        if_so(told.out.contains("ACTIVE"), told.out)
    });
    it.account.calls();
    let before = it.account.inventory();
    it.file("other.yaml", &with("").replace("name: demo", "name: guest"));
    it.eksact("plan -f other.yaml").exits(1).says("is not ours");
    it.eksact("apply -f other.yaml").exits(1).says("is not ours");
    it.eksact("create cluster --name guest --region us-west-2").exits(1).says("is not ours");
    it.eksact("get cluster guest --region us-west-2").exits(0).says("guest");
    it.nothing_sent();
    assert_eq!(it.account.inventory(), before);
}

#[test]
fn another_account_than_the_one_that_is_meant() {
    let it = Shell::new();
    let pinned = DEFAULT.replace("region: us-west-2", "region: us-west-2\n  accountID: '111122223333'");
    it.file("cluster.yaml", DEFAULT);
    it.file("pinned.yaml", &pinned);
    it.file("ours.yaml", &pinned.replace("111122223333", &it.account.number));
    let wrong = "and account 111122223333 is meant";
    let flag = "--account 111122223333";
    for line in ["plan -f cluster.yaml", "apply -f cluster.yaml", "create cluster -f cluster.yaml"] {
        it.eksact(&format!("{line} {flag}")).exits(1).says(wrong);
        it.eksact(&line.replace("cluster.yaml", "pinned.yaml")).exits(1).says("pinned.yaml:6:14").says(wrong);
    }
    it.eksact(&format!("delete cluster --name demo --region us-west-2 --yes {flag}")).exits(1).says(wrong);
    it.eksact("delete cluster -f pinned.yaml --yes").exits(1).says(wrong);
    it.eksact(&format!("get cluster --region us-west-2 {flag}")).exits(1).says(wrong);
    it.eksact(&format!("get nodegroup --cluster demo --region us-west-2 {flag}")).exits(1).says(wrong);
    let scale = "scale nodegroup --cluster demo --name ng1 --nodes 3 --region us-west-2";
    it.eksact(&format!("{scale} {flag}")).exits(1).says(wrong);
    it.eksact("plan -f cluster.yaml --account 1111").exits(3).says("12 digits");
    it.nothing_sent();
    it.eksact("plan -f ours.yaml").exits(0);
}

#[test]
fn a_flag_and_a_file_that_name_different_accounts() {
    let it = Shell::new();
    let pinned = DEFAULT.replace("region: us-west-2", "region: us-west-2\n  accountID: '111122223333'");
    it.file("pinned.yaml", &pinned);
    for line in ["plan -f pinned.yaml", "apply -f pinned.yaml", "delete cluster -f pinned.yaml --yes"] {
        it.eksact(&format!("{line} --account 999988887777"))
            .exits(3)
            .says("111122223333")
            .says("999988887777");
    }
    assert!(it.account.calls().is_empty(), "flags and file alone show it");
}
