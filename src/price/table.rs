//! AWS's list prices, in US dollars: a snapshot, region by region, each with its source and its day.
//!
//! EKS (2024-04) and public IPv4 addresses (2024-02): AWS's announcements, the same in all regions. What is not
//! certain is left out: then it is said that a price is not known. What was only found second hand is marked, and
//! the bill says so.

use super::Money;
use crate::resource::ec2::Ebs;

/// The day of the prices that are the same everywhere.
pub(super) const AS_OF: &str = US.as_of;

/// A control plane with a version in standard support, an hour.
pub(super) const STANDARD: Money = Money::micros(100_000);
/// And with one in extended support.
pub(super) const EXTENDED: Money = Money::micros(600_000);
/// A public IPv4 address, an hour.
pub(super) const IPV4: Money = Money::micros(5_000);

/// The prices of a region.
#[derive(Debug)]
pub(super) struct Region {
    names: &'static [&'static str],
    /// The day of the snapshot.
    pub as_of: &'static str,
    /// Families, kinds of volumes and `NAT gateway` whose prices here were found second hand, and not checked.
    second_hand: &'static [&'static str],
    /// A NAT gateway, an hour.
    pub nat: Money,
    /// A GiB a month: gp3, gp2, io1 and io2.
    storage: [u64; 3],
    /// A provisioned operation a second, a month: gp3 above 3,000; io1, and io2 up to 32,000.
    iops: [u64; 2],
    /// What io2 takes from 32,000 and from 64,000 on.
    io2: [u64; 2],
    /// A MiB/s of gp3 above 125, a month; nothing, where that is not known.
    throughput: Option<u64>,
    /// The price of `large` in each family, an hour: each next size costs twice as much.
    families: &'static [(&'static str, u64)],
    /// Those that are not twice as much.
    others: &'static [(&'static str, u64)],
}

/// Instances of us-east-1: the price list that Karpenter's public repository generates from AWS's, of that day; the
/// other two have the same prices for these families (spot checks in the catalog named below). NAT gateways and EBS:
/// AWS's pricing pages.
const US: Region = Region {
    names: &["us-east-1", "us-east-2", "us-west-2"],
    as_of: "2026-07-20",
    second_hand: &[],
    nat: Money::micros(45_000),
    storage: [80_000, 100_000, 125_000],
    iops: [5_000, 65_000],
    io2: [46_000, 32_000],
    throughput: Some(40_000),
    families: &[
        ("t2", 92_800),
        ("t3", 83_200),
        ("t3a", 75_200),
        ("t4g", 67_200),
        ("m5", 96_000),
        ("m5a", 86_000),
        ("m5d", 113_000),
        ("m6a", 86_400),
        ("m6g", 77_000),
        ("m6gd", 90_400),
        ("m6i", 96_000),
        ("m7a", 115_920),
        ("m7g", 81_600),
        ("m7i", 100_800),
        ("m7i-flex", 95_760),
        ("m8g", 89_760),
        ("m8i", 105_840),
        ("c5", 85_000),
        ("c5a", 77_000),
        ("c6a", 76_500),
        ("c6g", 68_000),
        ("c6i", 85_000),
        ("c7a", 102_640),
        ("c7g", 72_500),
        ("c7i", 89_250),
        ("c7i-flex", 84_790),
        ("c8g", 79_760),
        ("c8i", 93_710),
        ("r5", 126_000),
        ("r5a", 113_000),
        ("r6a", 113_400),
        ("r6g", 100_800),
        ("r6i", 126_000),
        ("r7a", 152_150),
        ("r7g", 107_100),
        ("r7i", 132_300),
        ("r8g", 117_820),
        ("r8i", 138_920),
    ],
    others: &[
        ("g4dn.xlarge", 526_000),
        ("g4dn.2xlarge", 752_000),
        ("g4dn.4xlarge", 1_204_000),
        ("g4dn.8xlarge", 2_176_000),
        ("g4dn.12xlarge", 3_912_000),
        ("g4dn.16xlarge", 4_352_000),
        ("g5.xlarge", 1_006_000),
        ("g5.2xlarge", 1_212_000),
        ("g5.4xlarge", 1_624_000),
        ("g5.8xlarge", 2_448_000),
        ("g5.12xlarge", 5_672_000),
        ("g5.16xlarge", 4_096_000),
        ("g5.24xlarge", 8_144_000),
        ("g5.48xlarge", 16_288_000),
        ("g6.xlarge", 804_800),
        ("g6.2xlarge", 977_600),
        ("g6.4xlarge", 1_323_200),
        ("g6.8xlarge", 2_014_400),
        ("g6.12xlarge", 4_601_600),
        ("g6.16xlarge", 3_396_800),
        ("g6.24xlarge", 6_675_200),
        ("g6.48xlarge", 13_350_400),
        ("inf2.xlarge", 758_200),
        ("inf2.8xlarge", 1_967_860),
        ("inf2.24xlarge", 6_490_630),
        ("inf2.48xlarge", 12_981_270),
    ],
};

/// Instances: `catalogs/v8/aws/vms.csv` of the public repository skypilot-org/skypilot-catalog, commit e385a0d, which is
/// generated from AWS's price list; its day is known by the instance types in it alone. Second hand: public
/// repositories that quote AWS's pricing pages.
const IRELAND: Region = Region {
    names: &["eu-west-1"],
    as_of: "the end of 2025",
    second_hand: &["NAT gateway", "gp3", "gp2", "io1", "io2", "m6i", "m6g"],
    nat: Money::micros(48_000),
    storage: [88_000, 110_000, 138_000],
    iops: [5_500, 72_000],
    io2: [50_000, 35_000],
    throughput: None,
    families: &[
        ("t3", 91_200),
        ("m5", 107_000),
        ("m5a", 96_000),
        ("m6i", 107_000),
        ("m6g", 86_000),
        ("c5", 96_000),
        ("c5a", 86_000),
    ],
    others: &[],
};

/// From where those of [`IRELAND`] are.
const FRANKFURT: Region = Region {
    names: &["eu-central-1"],
    as_of: "the end of 2025",
    second_hand: &["NAT gateway", "gp3", "gp2", "io1", "io2", "m6i", "m6g", "c6i", "r5", "r6i", "g4dn", "g5"],
    nat: Money::micros(52_000),
    storage: [95_200, 119_000, 149_000],
    iops: [6_000, 78_000],
    io2: [55_000, 38_000],
    throughput: None,
    families: &[
        ("t3", 96_000),
        ("m5", 115_000),
        ("m5a", 104_000),
        ("m6i", 115_000),
        ("m6g", 92_000),
        ("c5", 97_000),
        ("c5a", 87_000),
        ("c6i", 97_000),
        ("r5", 152_000),
        ("r6i", 152_000),
    ],
    others: &[("g4dn.xlarge", 658_000), ("g5.xlarge", 1_258_000), ("g5.2xlarge", 1_515_600)],
};

/// From where those of [`IRELAND`] are.
const SINGAPORE: Region = Region {
    names: &["ap-southeast-1"],
    as_of: "the end of 2025",
    second_hand: &["NAT gateway", "gp3", "gp2", "io1", "io2"],
    nat: Money::micros(59_000),
    storage: [96_000, 120_000, 138_000],
    iops: [6_000, 72_000],
    io2: [50_000, 35_000],
    throughput: None,
    families: &[("t3", 105_600), ("m5", 120_000), ("m5a", 108_000), ("c5", 98_000), ("c5a", 88_000)],
    others: &[],
};

const REGIONS: [Region; 4] = [US, IRELAND, FRANKFURT, SINGAPORE];

impl Region {
    pub fn of(name: &str) -> Option<&'static Self> {
        const ALL: &[Region] = &REGIONS;
        ALL.iter().find(|region| region.names.contains(&name))
    }

    /// ` (second hand)`, where the price of a family, a kind of volume or `NAT gateway` is.
    pub fn mark(&self, what: &str) -> &'static str {
        if self.second_hand.contains(&what) { " (second hand)" } else { "" }
    }

    /// An instance on demand with Linux, an hour.
    pub fn instance(&self, kind: &str) -> Option<Money> {
        let other = self.others.iter().find(|(name, _)| *name == kind).map(|(_, price)| *price);
        let (family, size) = kind.split_once('.')?;
        let large = self.families.iter().find(|(name, _)| *name == family).map(|(_, price)| *price);
        Some(Money::micros(other.or_else(|| Some(large? * eighths(size)? / 16))?))
    }

    /// A volume, an hour.
    pub fn volume(&self, ebs: &Ebs) -> Option<Money> {
        self.volume_a_month(ebs).map(Money::monthly)
    }

    /// A volume, a month.
    pub fn volume_a_month(&self, ebs: &Ebs) -> Option<Money> {
        let (size, iops) = (u64::from(ebs.volume_size), u64::from(ebs.iops.unwrap_or_default()));
        let [gp3, gp2, io] = self.storage;
        let month = match ebs.volume_type.as_str() {
            "gp3" => {
                let fast = u64::from(ebs.throughput.unwrap_or_default()).saturating_sub(125);
                let throughput = if fast == 0 { 0 } else { self.throughput? * fast };
                size * gp3 + iops.saturating_sub(3_000) * self.iops[0] + throughput
            }
            "gp2" => size * gp2,
            "io1" => size * io + iops * self.iops[1],
            "io2" => {
                let [many, more] = self.io2;
                let tiers = iops.min(32_000) * self.iops[1]
                    + iops.clamp(32_000, 64_000).saturating_sub(32_000) * many
                    + iops.saturating_sub(64_000) * more;
                size * io + tiers
            }
            _ => return None,
        };
        Some(Money::micros(month))
    }
}

/// How many sixteenths of a `large` a size is.
fn eighths(size: &str) -> Option<u64> {
    match size {
        "nano" => Some(1),
        "micro" => Some(2),
        "small" => Some(4),
        "medium" => Some(8),
        "large" => Some(16),
        "xlarge" => Some(32),
        _ => size
            .strip_suffix("xlarge")?
            .parse::<u64>()
            .ok()
            .filter(|times| *times <= 48)
            .map(|times| times * 32),
    }
}

#[test]
fn sizes_are_multiples_of_each_other() {
    let of = |kind: &str| US.instance(kind).map(|it| it.to_string());
    assert_eq!(US.instance("m5.large"), Some(Money::micros(96_000)));
    assert_eq!(US.instance("t3.nano"), Some(Money::micros(5_200)));
    assert_eq!(US.instance("c5.18xlarge"), Some(Money::micros(3_060_000)));
    assert_eq!(US.instance("m6g.medium"), Some(Money::micros(38_500)));
    assert_eq!([of("m9x.large"), of("m5.huge"), of("m5"), of("g4dn.large")], [None, None, None, None]);
}

#[test]
fn what_was_found_second_hand_is_marked() {
    assert_eq!((IRELAND.mark("m5"), IRELAND.mark("m6g")), ("", " (second hand)"));
    assert_eq!((SINGAPORE.mark("NAT gateway"), US.mark("NAT gateway")), (" (second hand)", ""));
    for region in &REGIONS {
        let is_priced = |what: &&str| {
            let volume = ["NAT gateway", "gp3", "gp2", "io1", "io2"].contains(what);
            let other = region.others.iter().any(|(kind, _)| kind.split('.').next() == Some(what));
            volume || other || region.families.iter().any(|(family, _)| family == what)
        };
        assert!(region.second_hand.iter().all(is_priced), "{:?}", region.names);
    }
}

#[test]
fn volumes_cost_size_operations_and_throughput() {
    let ebs = |kind: &str, size, iops, throughput| Ebs {
        volume_size: size,
        volume_type: kind.to_owned(),
        iops,
        throughput,
        encrypted: None,
        kms_key_id: None,
    };
    let month = |region: &Region, volume| region.volume(&volume).map(|it| it.0 * 730 / 10_000);
    assert_eq!(month(&US, ebs("gp3", 100, None, None)), Some(799));
    assert_eq!(month(&US, ebs("gp3", 100, Some(4_000), Some(225))), Some(1_699));
    assert_eq!(month(&US, ebs("gp2", 100, None, None)), Some(999));
    assert_eq!(month(&US, ebs("io1", 100, Some(1_000), None)), Some(7_749));
    assert_eq!(month(&US, ebs("io2", 100, Some(70_000), None)), Some(375_649));
    assert_eq!(month(&IRELAND, ebs("gp3", 100, None, Some(500))), None);
    assert_eq!(month(&US, ebs("sc1", 100, None, None)), None);
}
