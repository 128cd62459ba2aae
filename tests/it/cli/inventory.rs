//! What is in an account, so that it can be compared with another.

use crate::stack::Account;

/// Its inventory without what differs between two accounts in the same state: ids, addresses, numbers.
pub fn masked(account: &Account) -> Vec<String> {
    let mut lines: Vec<String> = account.inventory().iter().map(|line| mask(line)).collect();
    lines.sort();
    lines
}

/// Each word of hexadecimal digits that is long enough for an id becomes `#`, with all that follows in it;
/// so does an elastic address.
fn mask(line: &str) -> String {
    let mut masked = String::new();
    let fields: Vec<&str> =
        line.split_inclusive(['\t', ' ']).filter(|field| !field.starts_with("127.")).collect();
    for word in fields.concat().split_inclusive(|it: char| !it.is_ascii_alphanumeric() && it != '-') {
        masked += &mask_word(word);
    }
    masked
}

fn mask_word(word: &str) -> String {
    let is_id = |part: &str| {
        let part = part.trim_end_matches(|it: char| !it.is_ascii_alphanumeric());
        part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let end = word.trim_start_matches(|it: char| it.is_ascii_alphanumeric() || it == '-');
    match word.split('-').position(is_id) {
        Some(at) => word.split('-').take(at).map(|part| format!("{part}-")).collect::<String>() + "#" + end,
        None if word.starts_with("AROA") => format!("#{end}"),
        None => word.to_owned(),
    }
}

#[test]
fn ids_are_masked_and_names_are_not() {
    let line =
        "ec2\tsubnet\tus-west-2/subnet-1ce2d99deac453fa7\tvpc-f2f429c5870051738 us-west-2c 10.0.0.0/19";
    assert_eq!(mask(line), "ec2\tsubnet\tus-west-2/subnet-#\tvpc-# us-west-2c 10.0.0.0/19");
    assert_eq!(mask("eks-ng1-fdb56f63-fc1c-4901-9df2-86f1c2183931\t2"), "eks-ng1-#\t2");
    assert_eq!(mask("arn:aws:iam::300000000003:role/demo"), "arn:aws:iam::#:role/demo");
}
