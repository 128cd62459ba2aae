//! One call.

use std::time::Duration;

use tokio::sync::SemaphorePermit;

use super::{Failure, Run, What, Work};
use crate::cluster::since;
use crate::resource::iam::Role;
use crate::resource::{Effect, Operation, Property, Seen, Timestamp, Type};
use crate::world::{Answer, Class, World, WorldError};

/// How long a call that AWS throttles is tried.
const THROTTLED: Duration = Duration::from_secs(600);
/// How old a role is at the latest when all of AWS knows of it.
const PROPAGATED: Duration = Duration::from_secs(120);
/// The longest pause between two attempts.
const PAUSE: Duration = Duration::from_secs(30);

impl<W: World> Run<'_, W> {
    /// Sends one call, and answers with the answer, or with what leaves doubt about it.
    pub(super) async fn send(
        &self,
        work: &mut Work<'_>,
        operation: &Operation,
    ) -> Result<Result<Answer, WorldError>, Failure> {
        let mut operation = operation.clone();
        operation.resolve(&self.outputs());
        let error = match self.send_until_heard(work, &operation).await? {
            Ok(answer) => {
                self.outputs().learn(&work.change.key, answer.attributes.clone());
                return Ok(Ok(answer));
            }
            Err(error) => error,
        };
        let deleting = operation.manner().effect == Effect::Deletes || work.dooms();
        match error.class {
            Class::NotFound if deleting => Ok(Ok(Answer::default())),
            Class::Refused | Class::Denied | Class::Expired | Class::Limit | Class::Throttled => {
                Err(error.into())
            }
            Class::NotFound | Class::Busy | Class::Exists | Class::Ambiguous => Ok(Err(error)),
        }
    }

    /// A call that had no effect for a reason that passes leaves no doubt: it is sent again.
    async fn send_until_heard(
        &self,
        work: &mut Work<'_>,
        operation: &Operation,
    ) -> Result<Result<Answer, WorldError>, Failure> {
        let (began, mut pause) = (self.world.now(), Duration::from_secs(1));
        loop {
            let answer = {
                let _slot = self.slot(work).await?;
                self.tell(work.index, What::Calling(operation.action()));
                self.world.run(operation).await
            };
            let Err(error) = answer else { return Ok(answer) };
            let patience = match error.class {
                Class::Throttled => THROTTLED,
                Class::Refused => PROPAGATED.saturating_sub(self.age_of_roles(operation, began)),
                _ => Duration::ZERO,
            };
            if since(self.world.now(), began) >= patience {
                return Ok(Err(error));
            }
            self.tell(work.index, What::Postponed { because: error, pause });
            self.pause(work, pause).await?;
            pause = (pause * 2).min(PAUSE);
        }
    }

    /// How old the youngest role that a call names was at a moment; for ever, where it names none
    /// whose age is known.
    fn age_of_roles(&self, operation: &Operation, then: Timestamp) -> Duration {
        let outputs = self.outputs();
        let mut youngest: Option<Timestamp> = None;
        operation.visit(&mut |seen| {
            if let Seen::Known { of: Type::Role, attribute, value } = seen {
                let role = outputs.having(Type::Role, attribute, value);
                let made = role.and_then(|role| role.get(Role::CREATED)?.parse().ok());
                youngest = youngest.max(made);
            }
        });
        youngest.map_or(Duration::MAX, |made| since(then, made))
    }

    /// The place of one call among those that may be under way at once.
    pub(super) async fn slot(&self, work: &mut Work<'_>) -> Result<Option<SemaphorePermit<'_>>, Failure> {
        let began = self.world.now();
        // It is never closed.
        let slot = self.calls.acquire().await.ok();
        work.track.idle += since(self.world.now(), began);
        self.course.halted().map_or(Ok(slot), |halt| Err(halt.into()))
    }
}
