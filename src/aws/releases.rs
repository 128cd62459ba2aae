//! What AWS has released of the images that EKS starts nodes from.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use aws_sdk_ec2::types;
use futures::FutureExt;

use super::Aws;
use super::call::unread;
use super::ec2::filter;
use crate::cluster::{Image, Releases};
use crate::world::WorldError;

/// How long the answer may take: it is good to know, and not worth a longer wait.
const PATIENCE: Duration = Duration::from_secs(2);

/// Who publishes images of AWS's, in every partition.
const AMAZON: &str = "amazon";

impl Aws {
    /// What there is of these images, by one call; none of those that have no names here, nor where no answer comes
    /// soon.
    ///
    /// # Errors
    /// Where AWS does not tell.
    pub async fn releases(&self, images: &BTreeSet<Image>) -> Result<BTreeMap<Image, Releases>, WorldError> {
        let names: Vec<String> = images.iter().filter_map(Image::pattern).collect();
        if names.is_empty() {
            return Ok(BTreeMap::new());
        }
        let describe = self.reads.hasty().ec2.describe_images().owners(AMAZON).filters(filter("name", names));
        let told = describe.into_paginator().items().send().try_collect().boxed();
        let Ok(told) = tokio::time::timeout(PATIENCE, told).await else { return Ok(BTreeMap::new()) };
        let told: Vec<types::Image> = told.map_err(unread("ec2:DescribeImages"))?;
        // Others may publish under the same names, and not everybody who answers for AWS filters.
        let amazons = told.iter().filter(|it| it.image_owner_alias().is_none_or(|alias| alias == AMAZON));
        let told: Vec<(&str, &str)> =
            amazons.filter_map(|it| Some((it.name()?, it.description().unwrap_or_default()))).collect();
        Ok(images.iter().map(|image| (image.clone(), image.releases(told.iter().copied()))).collect())
    }
}
