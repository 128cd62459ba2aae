//! One mutating call, as plain data.

use std::time::Duration;

use serde::Serialize;

use super::{Incomplete, Outputs, Property, Seen, ec2, eks, fingerprint, iam, kubernetes, logs};

/// How long a call itself usually takes.
pub const CALL: Duration = Duration::from_millis(200);

/// One mutating call to AWS.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Operation {
    /// Amazon EC2.
    Ec2(ec2::Operation),
    /// AWS IAM.
    Iam(iam::Operation),
    /// Amazon CloudWatch Logs.
    Logs(logs::Operation),
    /// Amazon EKS.
    Eks(eks::Operation),
    /// The API server of the cluster.
    Kubernetes(kubernetes::Operation),
}

/// What is to be known of an operation before it is sent.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// What it does to its resource.
    pub effect: Effect,
    /// What to wait for once it is accepted.
    pub until: Option<Until>,
    /// How long that usually takes.
    pub usual: Duration,
    /// IAM actions that the caller needs besides the operation's own.
    pub also: &'static [&'static str],
    /// What nobody else may be doing until it is over.
    pub mutex: Option<Mutex>,
    /// The attributes of its resource that are others afterwards.
    pub alters: &'static [&'static str],
}

/// What an operation does to its resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Makes it.
    Creates,
    /// Changes it.
    Updates,
    /// Deletes it.
    Deletes,
}

/// What to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// The resource is ready (again).
    Ready,
    /// The resource is gone.
    Gone,
}

/// Things of which AWS lets only one be under way in a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mutex {
    /// An update of the control plane.
    ClusterUpdate,
}

impl Manner {
    pub(super) const fn new(effect: Effect) -> Self {
        Self { effect, until: None, usual: Duration::ZERO, also: &[], mutex: None, alters: &[] }
    }
    pub(super) const fn ready_in(self, seconds: u64) -> Self {
        Self { until: Some(Until::Ready), usual: Duration::from_secs(seconds), ..self }
    }
    pub(super) const fn gone_in(self, seconds: u64) -> Self {
        Self { until: Some(Until::Gone), usual: Duration::from_secs(seconds), ..self }
    }
    pub(super) const fn also(self, also: &'static [&'static str]) -> Self {
        Self { also, ..self }
    }
    pub(super) const fn alone(self, mutex: Mutex) -> Self {
        Self { mutex: Some(mutex), ..self }
    }
    pub(super) const fn alters(self, attributes: &'static [&'static str]) -> Self {
        Self { alters: attributes, ..self }
    }
}

/// Declares the operations of a service, each with its request and its facts.
macro_rules! operations {
    ($service:literal as $variant:ident $($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty),* } = $manner:expr;)*) => {
        /// The operations of this service that change something.
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        #[expect(missing_docs, reason = "requests are documented by AWS, under the same names")]
        pub enum Operation { $($(#[$doc])* $name { $($field: $type),* }),* }

        impl Operation {
            pub(super) fn action(&self) -> &'static str {
                match self { $(Operation::$name { .. } => concat!($service, ":", stringify!($name))),* }
            }
            pub(super) fn manner(&self) -> $crate::resource::Manner {
                use $crate::resource::{Manner, Effect::*};
                match self { $(Operation::$name { .. } => $manner),* }
            }
        }
        impl $crate::resource::Property for Operation {
            fn visit(&self, see: &mut dyn FnMut($crate::resource::Seen<'_>)) {
                match self { $(Operation::$name { $($field),* } => { $($field.visit(see);)* }),* }
            }
            fn resolve(&mut self, outputs: &$crate::resource::Outputs) {
                match self { $(Operation::$name { $($field),* } => { $($field.resolve(outputs);)* }),* }
            }
        }
        impl From<Operation> for $crate::resource::Operation {
            fn from(operation: Operation) -> Self { $crate::resource::Operation::$variant(operation) }
        }
    };
}
pub(super) use operations;

macro_rules! each_service {
    ($operation:expr, $inner:ident => $result:expr) => {
        match $operation {
            Operation::Ec2($inner) => $result,
            Operation::Iam($inner) => $result,
            Operation::Logs($inner) => $result,
            Operation::Eks($inner) => $result,
            Operation::Kubernetes($inner) => $result,
        }
    };
}

impl Operation {
    /// Its IAM action: `ec2:CreateSubnet`.
    pub fn action(&self) -> &'static str {
        each_service!(self, inner => inner.action())
    }

    /// See [`Manner`].
    pub fn manner(&self) -> Manner {
        let manner = each_service!(self, inner => inner.manner());
        match self {
            Operation::Eks(inner) if !inner.is_awaited() => {
                Manner { until: None, usual: Duration::ZERO, ..manner }
            }
            Operation::Kubernetes(inner) => inner.in_stage(manner),
            Operation::Ec2(_) | Operation::Iam(_) | Operation::Logs(_) | Operation::Eks(_) => manner,
        }
    }

    /// Every IAM action that it takes; what Kubernetes lets a caller do is not IAM's to say.
    pub fn actions(&self) -> impl Iterator<Item = &'static str> {
        let own = (!matches!(self, Operation::Kubernetes(_))).then(|| self.action());
        let more = match self {
            Operation::Eks(inner) => inner.also(),
            Operation::Ec2(_) | Operation::Iam(_) | Operation::Logs(_) | Operation::Kubernetes(_) => &[],
        };
        own.into_iter().chain(self.manner().also.iter().chain(more).copied())
    }

    /// The usual time from sending it to the end of what it sets off.
    pub fn usual(&self) -> Duration {
        CALL + self.manner().usual
    }

    /// The client token, for the few creates that AWS can tell by nothing else. It is made of the
    /// request, in which the parent's id is known by now, and so it is asked for last.
    pub fn token(&self) -> Result<String, Incomplete> {
        let request = serde_json::to_string(self)?;
        Ok(format!("eksact-{:016x}", fingerprint(&[self.action(), &request])))
    }
}

impl Property for Operation {
    fn visit(&self, see: &mut dyn FnMut(Seen<'_>)) {
        each_service!(self, inner => inner.visit(see));
    }
    fn resolve(&mut self, outputs: &Outputs) {
        each_service!(self, inner => inner.resolve(outputs));
    }
}
