//! `AWS::Logs::LogGroup`: where a control plane's logs are kept, and for how long.

use super::Operation;
use crate::resource::{Added, Calls, Comparison, Incomplete, Live, Resource, STATELESS};
use crate::resource::{Standing, Tags, properties};

properties! {
    /// The logs of a control plane.
    pub struct LogGroup {
        /// Its name, which is its identity: EKS looks for the logs of a cluster there, and nowhere else.
        exact log_group_name: String => Protected;
        /// For how long its logs are kept, in days; for good if not said.
        exact retention_in_days: Option<u32> => InPlace;
        /// Tags.
        exact tags: Tags => InPlace;
    }
}

impl LogGroup {
    /// The attribute by which tags are put; CloudWatch does not tell it of one that is made.
    pub const ARN: &'static str = "Arn";

    /// The one that EKS writes to.
    pub fn name_of(cluster: &str) -> String {
        format!("/aws/eks/{cluster}/cluster")
    }

    /// The call that says for how long logs are kept.
    fn keep(&self) -> Operation {
        let log_group_name = self.log_group_name.clone();
        match self.retention_in_days {
            Some(retention_in_days) => Operation::PutRetentionPolicy { log_group_name, retention_in_days },
            None => Operation::DeleteRetentionPolicy { log_group_name },
        }
    }
}

impl Resource for LogGroup {
    const ID: &'static str = "LogGroupName";
    const STATES: &'static [(&'static str, Standing)] = STATELESS;

    fn name(&self) -> Option<&str> {
        Some(&self.log_group_name)
    }

    fn create(&self, _: &Added<Self>, _: &[String]) -> Calls {
        let (log_group_name, tags) = (self.log_group_name.clone(), self.tags.clone());
        let create = Operation::CreateLogGroup { log_group_name, tags };
        let keep = self.retention_in_days.map(|_| self.keep());
        Ok([create].into_iter().chain(keep).map(Into::into).collect())
    }

    /// First what marks it as ours, which one that EKS has made by itself is not.
    fn update(&self, live: &Live<Self>, how: &Comparison) -> Calls {
        let arn = live.attributes.get(Self::ARN).ok_or(Incomplete::Lacks(Self::ARN))?;
        let (untagged, tagged) = (arn.clone(), arn.clone());
        let retag = self.tags.retag(
            &live.properties.tags,
            |tag_keys| Operation::UntagResource { resource_arn: untagged, tag_keys },
            |tags| Operation::TagResource { resource_arn: tagged, tags },
        );
        let keep = how.touches("RetentionInDays").then(|| self.keep().into());
        Ok(retag.into_iter().chain(keep).collect())
    }

    fn delete(live: &Live<Self>) -> Calls {
        let log_group_name = live.properties.log_group_name.clone();
        Ok(vec![Operation::DeleteLogGroup { log_group_name }.into()])
    }
}
