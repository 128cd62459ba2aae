//! Whoever wants to hear of every call that is sent.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::context::FinalizerInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};

/// One call, each time that it is sent: neither what it says nor what it is signed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Its service and operation: `eks:CreateCluster`.
    pub operation: String,
    /// The HTTP status of the answer; nothing where none came.
    pub status: Option<u16>,
    /// By which AWS's support finds it.
    pub request_id: Option<String>,
    /// From sending it to the answer.
    pub took: Duration,
}

/// Is told of every call.
#[derive(Clone)]
pub struct Hearer(Arc<dyn Fn(&Heard) + Send + Sync>);

impl Hearer {
    /// One that does this.
    pub fn new(hear: impl Fn(&Heard) + Send + Sync + 'static) -> Self {
        Self(Arc::new(hear))
    }
}

impl fmt::Debug for Hearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hearer").finish_non_exhaustive()
    }
}

/// When an attempt began.
#[derive(Debug)]
struct Began(Instant);

impl Storable for Began {
    type Storer = StoreReplace<Self>;
}

/// How services name what AWS's support finds a request by.
const REQUEST_ID: [&str; 2] = ["x-amzn-requestid", "x-amz-request-id"];

#[dyn_dispatch_hint]
impl Intercept for Hearer {
    fn name(&self) -> &'static str {
        "hearer"
    }

    fn read_before_attempt(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        bag.interceptor_state().store_put(Began(Instant::now()));
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let answer = context.response();
        let header = |name: &&str| answer?.headers().get(*name).map(str::to_owned);
        let operation = bag.load::<Metadata>();
        // As IAM spells it: `servicequotas`, where the SDK says `Service Quotas`, and `logs` for `CloudWatch Logs`.
        let service = |it: &Metadata| {
            let name = it.service().to_ascii_lowercase().replace(' ', "");
            name.strip_prefix("cloudwatch").map_or(name.clone(), str::to_owned)
        };
        let operation = operation.map(|it| format!("{}:{}", service(it), it.name()));
        self.0(&Heard {
            operation: operation.unwrap_or_default(),
            status: answer.map(|answer| answer.status().as_u16()),
            request_id: REQUEST_ID.iter().find_map(header),
            took: bag.load::<Began>().map(|began| began.0.elapsed()).unwrap_or_default(),
        });
        Ok(())
    }
}
