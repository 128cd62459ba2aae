//! Tags, in the words of each service.

use std::collections::HashMap;

use aws_sdk_ec2::types::{ResourceType, Tag, TagSpecification};
use aws_sdk_iam::types as iam;

use crate::resource::Tags;

/// EC2's, as found.
pub(super) fn of_ec2(tags: &[Tag]) -> Tags {
    let pair = |tag: &Tag| Some((tag.key.clone()?, tag.value.clone().unwrap_or_default()));
    Tags(tags.iter().filter_map(pair).collect())
}

/// EC2's, to be put.
pub(super) fn to_ec2<'a>(
    tags: impl IntoIterator<Item = (&'a String, &'a String)>,
) -> impl Iterator<Item = Tag> {
    tags.into_iter().map(|(key, value)| Tag::builder().key(key).value(value).build())
}

/// EC2's, to be put in the call that makes a thing.
pub(super) fn with(kind: ResourceType, tags: &Tags) -> TagSpecification {
    let put = to_ec2(&tags.0).collect();
    TagSpecification::builder().resource_type(kind).set_tags(Some(put)).build()
}

/// IAM's, as found.
pub(super) fn of_iam(tags: &[iam::Tag]) -> Tags {
    Tags(tags.iter().map(|tag| (tag.key.clone(), tag.value.clone())).collect())
}

/// IAM's, to be put.
pub(super) fn to_iam(tags: &Tags) -> Vec<iam::Tag> {
    let put = tags.0.iter().map(|(key, value)| iam::Tag::builder().key(key).value(value).build());
    // None lacks either.
    put.filter_map(Result::ok).collect()
}

/// EKS's, as found.
pub(super) fn of_eks(tags: Option<&HashMap<String, String>>) -> Tags {
    Tags(tags.into_iter().flatten().map(|(key, value)| (key.clone(), value.clone())).collect())
}

/// EKS's, to be put.
pub(super) fn to_eks(tags: &Tags) -> Option<HashMap<String, String>> {
    Some(tags.0.clone().into_iter().collect())
}
