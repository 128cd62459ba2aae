//! Providers and associations: whose they are, and which are adopted.

use eksact::resource::iam::OidcProvider;
use eksact::resource::{Key, OneOf, Type};
use eksact::world::{Found, World};

use super::demo::Demo;
use super::desk::{Desk, key, untag};

const PROVIDER: &str = "oidc-provider/main";
const ASSOCIATION: &str = "pod-identity-association/web.api";

/// Takes away what shows whose something is.
async fn unmark(desk: &mut Desk, name: &str) {
    let at = key(name);
    let live = desk.ready(&at).await;
    untag(&desk.account.sdk().await, &at, &live).await;
}

#[tokio::test]
async fn what_nobody_has_marked_is_adopted_where_the_file_has_one() {
    let graph = Demo::default().graph();
    let mut desk = Desk::with(&graph).await;
    for name in [PROVIDER, ASSOCIATION] {
        unmark(&mut desk, name).await;
        let at = key(name);
        assert!(!desk.aws.observe(&Default::default()).await.unwrap().found.contains_key(&at), "{name}");
        let found = desk.observe(&graph).await;
        assert!(matches!(&found[&at][..], [Found::Present(_)]), "{name}: {:?}", found[&at]);
        let changed = desk.change(&at, &graph.node(&at).unwrap().resource).await;
        assert!(changed.iter().all(|path| path.starts_with("Tags.")) && !changed.is_empty(), "{changed:?}");
        assert!(desk.aws.observe(&Default::default()).await.unwrap().found.contains_key(&at), "{name}");
    }
}

/// IAM has one list for all regions, and a cluster in another one may have the same name.
#[tokio::test]
async fn a_provider_of_another_cluster_is_not_ours() {
    let desk = Desk::with(&Demo::default().graph()).await;
    let iam = aws_sdk_iam::Client::new(&desk.account.sdk().await);
    let tag = |key: &str, value: &str| aws_sdk_iam::types::Tag::builder().key(key).value(value).build();
    for (host, marked) in [("eu-west-1", true), ("us-west-2", false)] {
        let url = format!("https://oidc.eks.{host}.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF");
        let mut create = iam.create_open_id_connect_provider().url(url).client_id_list("sts.amazonaws.com");
        if marked {
            create = create.tags(tag("eksact.dev/cluster", "demo").unwrap());
            create = create.tags(tag("eksact.dev/key", PROVIDER).unwrap());
        }
        create.send().await.unwrap();
    }
    let seen = desk.aws.look(&key(PROVIDER)).await.unwrap();
    let [only] = &seen[..] else { panic!("{seen:#?}") };
    let url = OidcProvider::of(&only.properties).unwrap().url.known().unwrap().as_ref().to_owned();
    assert_eq!(
        url,
        desk.aws.look(&key("cluster/demo")).await.unwrap()[0].attributes["OpenIdConnectIssuerUrl"]
    );
    assert_eq!(desk.observe(&Demo::default().graph()).await[&key(PROVIDER)].len(), 1);
}

/// What an add-on has is changed by way of the add-on alone.
#[tokio::test]
async fn an_association_of_an_add_on_is_a_clash() {
    let graph = Demo { by_agent: true, ..Demo::default() }.graph();
    let desk = Desk::with(&graph).await;
    let at = Key { kind: Type::PodIdentityAssociation, name: "kube-system.aws-node".to_owned() };
    assert!(!desk.observe(&graph).await.contains_key(&at), "it is the add-on's");
    assert_eq!(desk.aws.look(&at).await.unwrap(), []);
    let names = [(at.clone(), "aws-node".to_owned())].into();
    let found = desk.aws.observe(&names).await.unwrap().found.remove(&at).unwrap();
    let [Found::Foreign(arn)] = &found[..] else { panic!("{found:?}") };
    assert!(arn.contains(":podidentityassociation/demo/"), "{arn}");
}

/// A cluster that is gone has left its provider behind: it is found by its tags.
#[tokio::test]
async fn a_provider_outlives_its_cluster_and_is_still_found() {
    let graph = Demo::default().graph();
    let mut desk = Desk::with(&graph).await;
    for node in graph.nodes().iter().rev().filter(|node| node.key.kind != Type::OidcProvider) {
        if matches!(node.key.kind, Type::Nodegroup | Type::Addon | Type::Cluster) {
            desk.delete(&node.key).await;
        }
    }
    let seen = desk.aws.observe(&Default::default()).await.unwrap();
    assert!(seen.found.contains_key(&key(PROVIDER)) && seen.unread.is_empty(), "{:?}", seen.unread);
    assert!(!seen.found.contains_key(&key(ASSOCIATION)), "it has gone with its cluster");
    desk.delete(&key(PROVIDER)).await;
}
