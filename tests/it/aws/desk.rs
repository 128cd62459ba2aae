//! One resource at a time, without the engine: its calls as it asks for them, and what is read back.

use std::collections::BTreeMap;
use std::time::Duration;

use eksact::aws::Aws;
use eksact::graph::Graph;
use eksact::resource::{Any, Calls, Comparison, Key, Live, Operation, Outputs, Property, Standing, Type};
use eksact::world::{Found, Progress, World, WorldError};

use crate::stack::Account;

/// A cluster in an account of its own.
pub struct Desk {
    pub account: Account,
    pub aws: Aws,
    pub outputs: Outputs,
}

impl Desk {
    pub async fn new(cluster: &str) -> Self {
        let account = Account::new();
        let aws = account.aws(cluster).await;
        Self { account, aws, outputs: Outputs::default() }
    }

    /// A desk with all of a graph made.
    pub async fn with(graph: &Graph) -> Self {
        let name = graph.nodes().iter().find(|node| node.key.kind == Type::Cluster).unwrap().key.name.clone();
        let mut desk = Self::new(&name).await;
        for node in graph.nodes() {
            desk.make(&node.key, &node.resource).await;
        }
        desk.account.calls();
        desk
    }

    /// Makes one resource, whose references have been made.
    pub async fn make(&mut self, key: &Key, resource: &Any) -> Live {
        let mut named = resource.clone();
        named.take_name(key, &[]).unwrap();
        named.resolve(&self.outputs);
        self.send(key, named.create(key, &[])).await;
        self.ready(key).await
    }

    /// Changes what lives into what is desired, and answers with how it differed.
    pub async fn change(&mut self, key: &Key, desired: &Any) -> Vec<String> {
        let live = self.ready(key).await;
        let (desired, how) = self.compare(desired, &live);
        self.send(key, desired.update(&live, &how)).await;
        let now = self.ready(key).await;
        assert_eq!(paths(&self.compare(&desired, &now).1), [""; 0], "{key}");
        paths(&how)
    }

    /// Deletes one resource.
    pub async fn delete(&mut self, key: &Key) {
        let live = self.ready(key).await;
        self.send(key, live.delete()).await;
        self.until(key, |found| found.iter().all(|live| live.standing() == Standing::Gone)).await;
    }

    /// How something that lives differs from what is desired of it.
    pub fn differences(&self, desired: &Any, live: &Live) -> Vec<String> {
        paths(&self.compare(desired, live).1)
    }

    fn compare(&self, desired: &Any, live: &Live) -> (Any, Comparison) {
        let mut desired = desired.clone();
        desired.resolve(&self.outputs);
        let live = desired.face(live).unwrap();
        let how = desired.differences(&live.properties);
        (desired, how)
    }

    async fn send(&mut self, key: &Key, calls: Calls) {
        for mut operation in calls.unwrap() {
            operation.resolve(&self.outputs);
            self.call(key, &operation).await.unwrap();
        }
    }

    /// Sends one call, and waits for what it sets off.
    pub async fn call(&mut self, key: &Key, operation: &Operation) -> Result<(), WorldError> {
        let answer = self.aws.run(operation).await?;
        self.outputs.learn(key, answer.attributes);
        while let Some(id) = &answer.update {
            match self.aws.update(key, Some(id)).await?.unwrap().progress {
                Progress::InProgress => tokio::time::sleep(Duration::from_millis(5)).await,
                Progress::Successful => break,
                Progress::Failed(troubles) => panic!("{key}: {troubles:?}"),
            }
        }
        Ok(())
    }

    /// What there is under a key, once it can be used.
    pub async fn ready(&mut self, key: &Key) -> Live {
        let found =
            self.until(key, |found| found.iter().any(|live| live.standing() == Standing::Ready)).await;
        let ready = found.into_iter().find(|live| live.standing() == Standing::Ready).unwrap();
        self.outputs.learn(key, ready.attributes.clone());
        ready
    }

    async fn until(&self, key: &Key, reached: impl Fn(&[Live]) -> bool) -> Vec<Live> {
        loop {
            let found = self.aws.look(key).await.unwrap();
            let failed = found.iter().find(|live| live.standing() == Standing::Failed);
            assert!(failed.is_none(), "{failed:#?}");
            if reached(&found) {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// All that is seen, by key.
    pub async fn observe(&self, graph: &Graph) -> BTreeMap<Key, Vec<Found>> {
        self.aws.observe(&graph.names()).await.unwrap().found
    }
}

pub fn key(text: &str) -> Key {
    text.parse().unwrap()
}

fn paths(how: &Comparison) -> Vec<String> {
    how.differences.iter().map(|difference| difference.path.clone()).collect()
}

/// Takes away what shows whose a thing is.
pub async fn untag(sdk: &aws_config::SdkConfig, key: &Key, live: &Live) {
    let mark = "eksact.dev/cluster";
    match key.kind {
        Type::Role => {
            let name = live.name.as_deref().unwrap();
            let untag = aws_sdk_iam::Client::new(sdk).untag_role().role_name(name).tag_keys(mark);
            untag.send().await.unwrap();
        }
        Type::OidcProvider => {
            let untag = aws_sdk_iam::Client::new(sdk).untag_open_id_connect_provider().tag_keys(mark);
            untag.open_id_connect_provider_arn(&live.id).send().await.unwrap();
        }
        Type::LogGroup => {
            let untag = aws_sdk_cloudwatchlogs::Client::new(sdk).untag_resource().tag_keys(mark);
            untag.resource_arn(&live.attributes["Arn"]).send().await.unwrap();
        }
        Type::Cluster | Type::AccessEntry | Type::Addon | Type::PodIdentityAssociation | Type::Nodegroup => {
            let untag = aws_sdk_eks::Client::new(sdk).untag_resource().resource_arn(&live.id).tag_keys(mark);
            untag.send().await.unwrap();
        }
        _ => {
            let tag = aws_sdk_ec2::types::Tag::builder().key(mark).build();
            let untag = aws_sdk_ec2::Client::new(sdk).delete_tags().resources(&live.id).tags(tag);
            untag.send().await.unwrap();
        }
    }
}
