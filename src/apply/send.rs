//! One call.

use std::time::Duration;

use super::{Failure, Run, What};
use crate::cluster::since;
use crate::plan::Subject;
use crate::resource::{Effect, Operation, Property};
use crate::world::{Answer, Class, World, WorldError};

/// How long a call that AWS throttles is tried.
const THROTTLED: Duration = Duration::from_secs(600);

impl<W: World> Run<'_, W> {
    /// Sends one call, and answers with the answer, or with what leaves doubt about it.
    pub(super) async fn send(
        &self,
        index: usize,
        operation: &Operation,
    ) -> Result<Result<Answer, WorldError>, Failure> {
        let change = &self.changes[index];
        let mut operation = operation.clone();
        operation.resolve(&self.outputs());
        let error = match self.send_until_heard(index, &operation).await? {
            Ok(answer) => {
                self.outputs().learn(&change.key, answer.attributes.clone());
                return Ok(Ok(answer));
            }
            Err(error) => error,
        };
        let deleting =
            operation.manner().effect == Effect::Deletes || matches!(change.subject, Subject::Doomed(_));
        match error.class {
            Class::NotFound if deleting => Ok(Ok(Answer::default())),
            Class::Refused | Class::Denied | Class::Expired | Class::Limit | Class::Throttled => {
                Err(error.into())
            }
            Class::NotFound | Class::Busy | Class::Exists | Class::Ambiguous => Ok(Err(error)),
        }
    }

    /// A call that is throttled has had no effect, and so leaves no doubt: it is sent again.
    async fn send_until_heard(
        &self,
        index: usize,
        operation: &Operation,
    ) -> Result<Result<Answer, WorldError>, Failure> {
        let (began, mut pause) = (self.world.now(), Duration::from_secs(1));
        loop {
            if self.stop.is_cancelled() {
                return Err(Failure::Stopped);
            }
            self.tell(index, What::Calling(operation.action()));
            let answer = {
                let _slot = self.calls.acquire().await;
                self.world.run(operation).await
            };
            let throttled = answer.as_ref().is_err_and(|error| error.class == Class::Throttled);
            if !throttled || since(self.world.now(), began) >= THROTTLED {
                return Ok(answer);
            }
            self.pause(pause).await?;
            pause = (pause * 2).min(Duration::from_secs(30));
        }
    }
}
