//! One change of a size, from its call to its end.

use std::time::Duration;

use super::{Scaling, Sizes, sizes};
use crate::apply::{Event, Failure, What};
use crate::cluster::since;
use crate::ops::OpsError;
use crate::resource::eks::Nodegroup;
use crate::resource::{Key, OneOf, Operation};
use crate::world::{Class, Progress, World, WorldError};

/// How often a call is made whose answer leaves doubt.
const ROUNDS: u32 = 8;
/// EKS's word for an update that is not over.
const IN_PROGRESS: &str = "InProgress";

/// One that is made.
pub(super) struct Run<'a, W, T> {
    pub world: &'a W,
    pub key: &'a Key,
    pub operation: &'a Operation,
    pub after: Sizes,
    pub timeout: Duration,
    pub tell: &'a T,
}

impl<W: World, T: Fn(Event)> Run<'_, W, T> {
    /// From its start to its end.
    pub async fn to_its_end(&self, id: &str) -> Result<(), OpsError> {
        self.tell(What::Started);
        match self.send().await {
            Ok(()) => {
                self.tell(What::Done { id: id.to_owned() });
                Ok(())
            }
            Err(failure) => {
                self.tell(What::Failed(failure.clone()));
                Err(self.error(failure))
            }
        }
    }

    async fn send(&self) -> Result<(), Failure> {
        for round in 0..ROUNDS {
            self.tell(What::Calling(self.operation.action()));
            let because = match self.world.run(self.operation).await {
                Ok(answer) => return self.follow(answer.update.as_deref()).await,
                Err(error) => error,
            };
            let doubtful = matches!(because.class, Class::Throttled | Class::Busy | Class::Ambiguous);
            if !doubtful || round + 1 == ROUNDS {
                return Err(because.into());
            }
            let (pause, class) = (Duration::from_secs(1 << round), because.class);
            self.tell(match class {
                Class::Throttled => What::Postponed { because, pause },
                _ => What::Doubted(because),
            });
            self.world.wait(pause).await;
            if class != Class::Throttled && self.is_so().await? {
                return self.follow(None).await;
            }
        }
        Ok(())
    }

    /// Whether an unanswered call has had its effect after all.
    async fn is_so(&self) -> Result<bool, WorldError> {
        let found = self.world.look(self.key).await?;
        let mut groups = found.iter().filter_map(|live| Nodegroup::of(&live.properties));
        Ok(groups.any(|group| sizes(group) == self.after))
    }

    async fn follow(&self, id: Option<&str>) -> Result<(), Failure> {
        let (began, usual) = (self.world.now(), self.operation.usual());
        let mut pause = Duration::from_millis(50);
        let mut told = false;
        loop {
            match self.world.update(self.key, id).await {
                Ok(Some(update)) => match update.progress {
                    Progress::Successful => return Ok(()),
                    Progress::Failed(troubles) => {
                        return Err(Failure::Broken { status: "Failed".to_owned(), troubles });
                    }
                    Progress::InProgress if told => {}
                    Progress::InProgress => {
                        told = true;
                        let (status, troubles) = (IN_PROGRESS.to_owned(), Vec::new());
                        self.tell(What::Waiting { status, troubles, since: began, usual });
                    }
                },
                Ok(None) => return Ok(()),
                Err(error) if error.class.is_passing() => {}
                Err(error) => return Err(error.into()),
            }
            let waited = since(self.world.now(), began);
            if waited >= self.timeout {
                return Err(Failure::Late { status: IN_PROGRESS.to_owned(), troubles: Vec::new(), waited });
            }
            self.world.wait(pause).await;
            pause = (pause * 2).min(Duration::from_secs(2));
        }
    }

    fn error(&self, failure: Failure) -> OpsError {
        let what = format!("the update of {}", self.key);
        match failure {
            Failure::World(error) => error.into(),
            Failure::Broken { troubles, .. } => {
                let why = troubles.iter().map(|it| format!("{}: {}", it.code, it.message));
                OpsError::Broken { what, why: why.collect::<Vec<_>>().join("; ") }
            }
            Failure::Late { .. } | Failure::Astray(_) | Failure::Unsteady { .. } | Failure::Halted(_) => {
                OpsError::Broken { what, why: failure.to_string() }
            }
        }
    }

    fn tell(&self, what: What) {
        let (at, key) = (self.world.now(), self.key.clone());
        (self.tell)(Event { at, change: 0, key, action: Scaling::ACTION, what });
    }
}
