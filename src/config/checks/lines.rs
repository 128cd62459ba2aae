//! Lines to write, as people write them.

use crate::config::sections::cluster::ClusterConfig;

/// A section on the way to a field, and whether it is in the file.
pub(super) type Section = (&'static str, bool);

/// What to write of a field: with the sections around it that are not in the file.
pub(super) fn within(sections: &[Section], field: &str) -> String {
    let there = sections.iter().take_while(|(_, is_written)| *is_written).count();
    nested(sections[there..].iter().map(|(name, _)| *name), field)
}

/// A field with sections around it.
pub(super) fn nested<'s>(sections: impl DoubleEndedIterator<Item = &'s str>, field: &str) -> String {
    sections.rev().fold(field.to_owned(), |below, name| format!("{name}:\n{}", indented(&below)))
}

/// Every line two blanks further in.
pub(super) fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

/// The same as an item of a list.
pub(super) fn item(text: &str) -> String {
    indented(text).replacen("  ", "- ", 1)
}

/// The account of ARNs that are made up, and the partition of all.
pub(super) fn place(cluster: &ClusterConfig) -> (&'static str, &str) {
    let partition = match &cluster.metadata.region.0 {
        region if region.starts_with("cn-") => "aws-cn",
        region if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    };
    (partition, cluster.metadata.account_id.as_ref().map_or("123456789012", |account| &account.0))
}

#[cfg(test)]
mod tests {
    use super::{item, within};

    #[test]
    fn sections_that_are_there_are_left_out() {
        let sections = [("vpc", true), ("clusterEndpoints", false)];
        assert_eq!(within(&sections, "a: b"), "clusterEndpoints:\n  a: b");
        assert_eq!(
            within(&[("vpc", false), ("nat", false)], "a:\n  b: c"),
            "vpc:\n  nat:\n    a:\n      b: c"
        );
        assert_eq!(within(&[("vpc", true), ("nat", true)], "a: b"), "a: b");
        assert_eq!(item("a: b\nc: d"), "- a: b\n  c: d");
    }
}
