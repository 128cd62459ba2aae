//! How a VPC's addresses are divided: as eksctl does, so that the same file makes the same network.

use ipnet::Ipv4Net;

/// The ranges of all subnets of a VPC with so many zones: first one public for each, then one private. There
/// are always eight or sixteen of one size, and those that are not needed stay free. Nothing for more zones
/// than eight, or for none.
pub fn blocks(vpc: Ipv4Net, zones: usize) -> Option<Vec<Ipv4Net>> {
    let bits = match 2 * zones {
        2..=8 => 3,
        9..=16 => 4,
        _ => return None,
    };
    let blocks = vpc.subnets(vpc.prefix_len() + bits).ok()?;
    Some(blocks.take(2 * zones).collect())
}
