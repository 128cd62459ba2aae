//! How many cases the tests of guarantees play. Each test holds its own count, so that what is said
//! elsewhere of how much is tested can be read here.

/// The calls of each job at which every fault is put.
pub const CALLS: &[(&str, usize)] = &[
    ("create", 42),
    ("create while roles lag", 54),
    ("edit", 56),
    ("replacement", 2),
    ("replacement with edits", 41),
    ("replacement by spot", 2),
    ("remake of an add-on", 2),
    ("remake of a NAT gateway", 4),
    ("a NAT gateway for each zone", 3),
    ("one NAT gateway instead of two", 3),
    ("no NAT gateway any more", 6),
    ("two route tables torn apart", 4),
    ("two NAT gateways with an address each", 6),
    ("create with the creator's own access entry", 41),
    ("other access entries", 7),
    ("delete", 32),
    ("delete with load balancers", 34),
    ("delete with volumes", 34),
    ("delete with what nodes leave behind", 33),
    ("delete with what shows only later", 34),
];

/// Every fault at every call.
pub const FAULTS: usize = 2640;

/// The file changes, or is given up, after a fault.
pub const REDIRECTED: usize = 756;
/// What AWS shows is behind for longer than is waited for it, and a fault: cases, and doubles made in them.
pub const BEHIND: (usize, usize) = (504, 31);
/// What AWS shows is behind, and an answer is lost: nothing is doubled.
pub const UNDOUBLED: usize = 252;
/// Two faults, in two runs.
pub const PAIRS: usize = 400;
/// Two runs at once.
pub const RACES: usize = 156;
/// Files that change again and again, with faults, looks that are behind, and leaks.
pub const WALKS: usize = 500;
/// A run is stopped at any moment.
pub const STOPS: usize = 158;
/// Credentials expire at a call or a look.
pub const EXPIRIES: usize = 216;
/// A call of a create is denied, refused, or meets a limit.
pub const FINAL: usize = 123;
/// Reads in a row are lost.
pub const LOST_READS: usize = 550;
/// A read is denied.
pub const DENIED_READS: usize = 233;
/// A type is not read.
pub const UNREAD: usize = 75;
