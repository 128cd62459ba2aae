//! What the SDK may try again by itself.

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::orchestrator::OrchestratorError;
use aws_smithy_runtime_api::client::retries::classifiers::RetryClassifierPriority;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction, RetryReason};
use aws_smithy_types::retry::ErrorKind;

use super::errors::{is_refused_connection, is_untrusted};

/// For reads: whatever passes, but not that nobody is there, or somebody else.
#[derive(Debug)]
pub(super) struct Reads;

/// For calls that change something: only what has had no effect for certain. What has become of one
/// without a clear answer is the engine's to find out, for a second one would double it.
#[derive(Debug)]
pub(super) struct Writes;

impl ClassifyRetry for Reads {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let error = context.output_or_error().and_then(Result::err);
        let error = error.and_then(OrchestratorError::as_connector_error);
        if error.is_some_and(|it| is_refused_connection(it) || is_untrusted(it)) {
            RetryAction::RetryForbidden
        } else {
            RetryAction::NoActionIndicated
        }
    }

    fn name(&self) -> &'static str {
        "reads"
    }

    fn priority(&self) -> RetryClassifierPriority {
        last()
    }
}

impl ClassifyRetry for Writes {
    fn classify_retry(&self, _: &InterceptorContext) -> RetryAction {
        RetryAction::RetryForbidden
    }

    fn classify_retry_v2(&self, context: &InterceptorContext, others: &RetryAction) -> RetryAction {
        let throttled = matches!(
            others,
            RetryAction::RetryIndicated(RetryReason::RetryableError { kind: ErrorKind::ThrottlingError, .. })
        );
        let error = context.output_or_error().and_then(Result::err);
        let answered = error.is_some_and(|error| error.as_operation_error().is_some());
        let turned_away = answered && context.response().is_some_and(|it| it.status().is_client_error());
        if throttled || turned_away { RetryAction::NoActionIndicated } else { self.classify_retry(context) }
    }

    fn name(&self) -> &'static str {
        "writes"
    }

    fn priority(&self) -> RetryClassifierPriority {
        last()
    }
}

/// After all that the SDK has: theirs is to propose.
fn last() -> RetryClassifierPriority {
    RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
}
