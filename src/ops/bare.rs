//! An API server without AWS: a cluster that is there already, wherever it runs.

use std::time::Duration;

use crate::cluster::{Ask, Caller, Facts, Timestamp};
use crate::kubernetes::{Objects, Tokens};
use crate::resource::{Key, Live, Operation};
use crate::world::{Answer, Class, Names, Snapshot, Update, World, WorldError};

/// The API server that a kubeconfig leads to. AWS is not asked for anything.
pub struct Bare<T> {
    /// The server.
    pub objects: Objects<T>,
    /// The region that controllers are told.
    pub region: String,
    /// Which server that is, as people call it.
    pub place: String,
}

/// What is known without asking anybody. Nobody acts for an account: where the server is stands in its place.
pub(super) fn facts(region: &str, place: String) -> Facts {
    Facts::of_nothing(Timestamp::now(), Caller { account: String::new(), arn: place }, region)
}

impl<T: Tokens + Send> World for Bare<T> {
    async fn facts(&self, _: &Ask) -> Result<Facts, WorldError> {
        Ok(facts(&self.region, self.place.clone()))
    }

    async fn observe(&self, names: &Names) -> Result<Snapshot, WorldError> {
        self.objects.observe(names).await
    }

    async fn look(&self, key: &Key) -> Result<Vec<Live>, WorldError> {
        self.objects.look(key).await
    }

    async fn run(&self, operation: &Operation) -> Result<Answer, WorldError> {
        let called = operation.action();
        match operation {
            Operation::Kubernetes(inner) => self.objects.run(inner, called).await,
            Operation::Ec2(_) | Operation::Iam(_) | Operation::Logs(_) | Operation::Eks(_) => {
                Err(elsewhere(called))
            }
        }
    }

    async fn update(&self, _: &Key, _: Option<&str>) -> Result<Option<Update>, WorldError> {
        Ok(None)
    }

    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn wait(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

fn elsewhere(operation: &'static str) -> WorldError {
    let message = "AWS is left out here".to_owned();
    WorldError {
        class: Class::Refused,
        code: "NotKubernetes".to_owned(),
        message,
        operation,
        request_id: None,
    }
}
