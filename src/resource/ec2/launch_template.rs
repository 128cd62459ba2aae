//! `AWS::EC2::LaunchTemplate`

use std::collections::BTreeMap;

use super::{Operation, retag};
use crate::resource::key::within;
use crate::resource::{Added, Calls, Comparison, Incomplete, Key, List, Live, Resource, STATELESS, Standing};
use crate::resource::{Tags, attributes, properties};

attributes! {
    /// The id of a launch template.
    LaunchTemplateId of LaunchTemplate = "LaunchTemplateId";
    /// The number of the version that says what is desired; nearly every template has a first one.
    LaunchTemplateVersion of LaunchTemplate = "LatestVersionNumber", tells: false;
}

properties! {
    /// What nodes are started from. Never replaced: a change is a new version of it.
    pub struct LaunchTemplate {
        /// What its current version says.
        nested launch_template_data: LaunchTemplateData;
        /// AWS's name for it, taken when it is made.
        open launch_template_name: String => Protected;
        /// Tags.
        exact tags: Tags => InPlace;
    }
}

properties! {
    /// One version of a launch template. AWS keeps it as it was written, so that all of it is exact.
    pub struct LaunchTemplateData {
        /// The volumes.
        exact block_device_mappings: List<BlockDeviceMapping> => InPlace;
        /// How an instance gets at its own credentials.
        nested metadata_options: MetadataOptions;
        /// Tags of what is started, by its type: `instance`, `volume`, `network-interface`.
        exact tag_specifications: BTreeMap<String, BTreeMap<String, String>> => InPlace;
    }
}

properties! {
    /// A volume.
    pub struct BlockDeviceMapping {
        /// Where it shows: `/dev/xvda`.
        exact device_name: String => InPlace;
        /// What it is.
        nested ebs: Ebs;
    }
}

properties! {
    /// An EBS volume.
    pub struct Ebs {
        /// GiB.
        exact volume_size: u32 => InPlace;
        /// `gp3`.
        exact volume_type: String => InPlace;
        /// Operations a second.
        exact iops: Option<u32> => InPlace;
        /// MiB/s.
        exact throughput: Option<u32> => InPlace;
        /// Whether it is encrypted; the account's own default if it is not said.
        exact encrypted: Option<bool> => InPlace;
        /// With which key; AWS's own if it is not said.
        exact kms_key_id: Option<String> => InPlace;
    }
}

properties! {
    /// How an instance gets at its own credentials.
    pub struct MetadataOptions {
        /// `required` is IMDSv2.
        exact http_tokens: String => InPlace;
        /// 1 keeps pods in networks of their own from them.
        exact http_put_response_hop_limit: u32 => InPlace;
    }
}

impl Resource for LaunchTemplate {
    const ID: &'static str = "LaunchTemplateId";
    const STATES: &'static [(&'static str, Standing)] = STATELESS;

    fn name(&self) -> Option<&str> {
        self.launch_template_name.as_deref()
    }

    fn take_name(&mut self, key: &Key, _: &[&str]) -> Result<(), Incomplete> {
        let name = format!("eksact-{}-{}", self.tags.cluster()?, key.name);
        self.launch_template_name = Some(within(128, name));
        Ok(())
    }

    /// Of its versions, the newest that says what is desired, be it the latest or not: somebody
    /// may have added one that no node group runs.
    fn face(&self, mut live: Live<Self>) -> Live<Self> {
        let says = |one: &&(String, Self)| one.1.launch_template_data == self.launch_template_data;
        if live.properties.launch_template_data != self.launch_template_data
            && let Some((version, one)) = live.earlier.iter().rev().find(says)
        {
            live.properties.launch_template_data = one.launch_template_data.clone();
            live.attributes.insert("LatestVersionNumber", version.clone());
        }
        live
    }

    fn create(&self, _: &Added<Self>, _: &[String]) -> Calls {
        let name = self.launch_template_name.clone().ok_or(Incomplete::Lacks("LaunchTemplateName"))?;
        Ok(vec![Operation::CreateLaunchTemplate { name, template: self.clone() }.into()])
    }

    fn update(&self, live: &Live<Self>, how: &Comparison) -> Calls {
        let mut operations = retag(&live.id, &self.tags, &live.properties.tags);
        if how.touches("LaunchTemplateData") {
            let (launch_template_id, follows) = (live.get()?, live.get()?);
            let data = self.launch_template_data.clone();
            operations
                .push(Operation::CreateLaunchTemplateVersion { launch_template_id, follows, data }.into());
        }
        Ok(operations)
    }

    fn delete(live: &Live<Self>) -> Calls {
        Ok(vec![Operation::DeleteLaunchTemplate { launch_template_id: live.get()? }.into()])
    }
}
