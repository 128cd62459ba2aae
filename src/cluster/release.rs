//! Releases of the images that EKS starts nodes from, as the images' names tell them.

use std::collections::BTreeMap;

/// How the names of images begin and go on around the version of Kubernetes, by EKS's word for their kind. Those of
/// Windows are named by other rules, and an image of one's own has no releases.
const NAMES: [(&str, &str, &str); 16] = [
    ("AL2_x86_64", "amazon-eks-node-", ""),
    ("AL2_x86_64_GPU", "amazon-eks-gpu-node-", ""),
    ("AL2_ARM_64", "amazon-eks-arm64-node-", ""),
    ("AL2023_x86_64_STANDARD", "amazon-eks-node-al2023-x86_64-standard-", ""),
    ("AL2023_ARM_64_STANDARD", "amazon-eks-node-al2023-arm64-standard-", ""),
    ("AL2023_x86_64_NVIDIA", "amazon-eks-node-al2023-x86_64-nvidia-", ""),
    ("AL2023_ARM_64_NVIDIA", "amazon-eks-node-al2023-arm64-nvidia-", ""),
    ("AL2023_x86_64_NEURON", "amazon-eks-node-al2023-x86_64-neuron-", ""),
    ("BOTTLEROCKET_x86_64", BOTTLEROCKET, "-x86_64"),
    ("BOTTLEROCKET_ARM_64", BOTTLEROCKET, "-aarch64"),
    ("BOTTLEROCKET_x86_64_NVIDIA", BOTTLEROCKET, "-nvidia-x86_64"),
    ("BOTTLEROCKET_ARM_64_NVIDIA", BOTTLEROCKET, "-nvidia-aarch64"),
    ("BOTTLEROCKET_x86_64_FIPS", BOTTLEROCKET, "-fips-x86_64"),
    ("BOTTLEROCKET_ARM_64_FIPS", BOTTLEROCKET, "-fips-aarch64"),
    ("BOTTLEROCKET_x86_64_NVIDIA_FIPS", BOTTLEROCKET, "-nvidia-fips-x86_64"),
    ("BOTTLEROCKET_ARM_64_NVIDIA_FIPS", BOTTLEROCKET, "-nvidia-fips-aarch64"),
];
const BOTTLEROCKET: &str = "bottlerocket-aws-k8s-";
/// Before the version of Kubernetes in what is said of an image of Amazon Linux.
const PATCH: &str = "k8s: ";

/// By which a release is told to be newer: the day of one of Amazon Linux, the version of one of Bottlerocket.
type Order = [u32; 3];

/// Images of one kind, for one version of Kubernetes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Image {
    /// EKS's word for the kind: `AL2023_x86_64_STANDARD`.
    pub ami_type: String,
    /// Major and minor: `1.34`.
    pub kubernetes: String,
}

/// What AWS has released of an image, as EKS writes it where the image says enough.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Releases(BTreeMap<Order, Option<String>>);

/// How far something is behind what AWS has released.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    /// How many releases are newer.
    pub releases: usize,
    /// The newest, where its image says enough.
    pub newest: Option<String>,
}

impl Image {
    /// What all names of its releases are like, with a `*` for the rest.
    pub fn pattern(&self) -> Option<String> {
        Some(format!("{}*", self.stem()?))
    }

    /// How the names of its releases begin.
    fn stem(&self) -> Option<String> {
        let (_, before, after) = NAMES.iter().find(|(ami_type, ..)| *ami_type == self.ami_type)?;
        Some(format!("{before}{}{after}-v", self.kubernetes))
    }

    fn is_bottlerocket(&self) -> bool {
        self.ami_type.starts_with("BOTTLEROCKET")
    }

    /// The releases that are among images, by their names and what is said of them.
    pub fn releases<'a>(&self, images: impl IntoIterator<Item = (&'a str, &'a str)>) -> Releases {
        let Some(stem) = self.stem() else { return Releases::default() };
        let release = |(name, about): (&'a str, &'a str)| {
            let told = name.strip_prefix(&stem)?;
            match self.is_bottlerocket() {
                true => Some((version(told)?, Some(told.to_owned()))),
                false => Some((day(told)?, self.patch(about).map(|patch| format!("{patch}-{told}")))),
            }
        };
        Releases(images.into_iter().filter_map(release).collect())
    }

    /// The version of Kubernetes that is said to be in an image.
    fn patch<'a>(&self, about: &'a str) -> Option<&'a str> {
        let (_, rest) = about.split_once(PATCH)?;
        let patch = rest.split(|letter: char| !(letter.is_ascii_digit() || letter == '.')).next()?;
        let is_its = patch.strip_prefix(&self.kubernetes).is_some_and(|rest| rest.starts_with('.'));
        is_its.then_some(patch)
    }

    /// How far a release of it is behind; nothing, where that is not known.
    pub fn behind(&self, release: &str, released: &Releases) -> Option<Behind> {
        let order = match self.is_bottlerocket() {
            true => version(release)?,
            false => day(release.rsplit_once('-')?.1)?,
        };
        let newest = released.0.last_key_value().filter(|(newest, _)| **newest >= order)?;
        let newer = released.0.keys().filter(|other| **other > order).count();
        Some(Behind { releases: newer, newest: newest.1.clone() })
    }
}

impl Releases {
    /// The newest, where its image says enough.
    pub fn newest(&self) -> Option<&str> {
        self.0.last_key_value()?.1.as_deref()
    }
}

/// `20261105`.
fn day(told: &str) -> Option<Order> {
    let is_one = told.len() == 8 && told.bytes().all(|letter| letter.is_ascii_digit());
    Some([told.parse().ok().filter(|_| is_one)?, 0, 0])
}

/// `1.50.0-cacc4ce9`: what stands behind the hyphen has no order.
fn version(told: &str) -> Option<Order> {
    let (version, commit) = told.split_once('-')?;
    let numbers: Vec<u32> = version.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let is_one = !commit.is_empty() && commit.bytes().all(|letter| letter.is_ascii_hexdigit());
    numbers.try_into().ok().filter(|_| is_one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(ami_type: &str, kubernetes: &str) -> Image {
        Image { ami_type: ami_type.to_owned(), kubernetes: kubernetes.to_owned() }
    }

    #[test]
    fn each_kind_is_known_by_its_names() {
        let about =
            "EKS-optimized Kubernetes node based on Amazon Linux 2023, (k8s: 1.34.1, containerd: 2.1.4)";
        let cases = [
            ("AL2_x86_64", "amazon-eks-node-1.34"),
            ("AL2_x86_64_GPU", "amazon-eks-gpu-node-1.34"),
            ("AL2_ARM_64", "amazon-eks-arm64-node-1.34"),
            ("AL2023_x86_64_STANDARD", "amazon-eks-node-al2023-x86_64-standard-1.34"),
            ("AL2023_ARM_64_STANDARD", "amazon-eks-node-al2023-arm64-standard-1.34"),
            ("AL2023_x86_64_NVIDIA", "amazon-eks-node-al2023-x86_64-nvidia-1.34"),
            ("AL2023_ARM_64_NVIDIA", "amazon-eks-node-al2023-arm64-nvidia-1.34"),
            ("AL2023_x86_64_NEURON", "amazon-eks-node-al2023-x86_64-neuron-1.34"),
            ("BOTTLEROCKET_x86_64", "bottlerocket-aws-k8s-1.34-x86_64"),
            ("BOTTLEROCKET_ARM_64", "bottlerocket-aws-k8s-1.34-aarch64"),
            ("BOTTLEROCKET_x86_64_NVIDIA", "bottlerocket-aws-k8s-1.34-nvidia-x86_64"),
            ("BOTTLEROCKET_ARM_64_NVIDIA", "bottlerocket-aws-k8s-1.34-nvidia-aarch64"),
            ("BOTTLEROCKET_x86_64_FIPS", "bottlerocket-aws-k8s-1.34-fips-x86_64"),
            ("BOTTLEROCKET_ARM_64_FIPS", "bottlerocket-aws-k8s-1.34-fips-aarch64"),
            ("BOTTLEROCKET_x86_64_NVIDIA_FIPS", "bottlerocket-aws-k8s-1.34-nvidia-fips-x86_64"),
            ("BOTTLEROCKET_ARM_64_NVIDIA_FIPS", "bottlerocket-aws-k8s-1.34-nvidia-fips-aarch64"),
        ];
        assert_eq!(cases.map(|(ami_type, _)| ami_type), NAMES.map(|(ami_type, ..)| ami_type));
        let names = cases.map(|(_, name)| match name.starts_with(BOTTLEROCKET) {
            true => format!("{name}-v1.50.0-cacc4ce9"),
            false => format!("{name}-v20261105"),
        });
        for (ami_type, name) in cases {
            let image = image(ami_type, "1.34");
            assert_eq!(image.pattern(), Some(format!("{name}-v*")));
            // Of all of them, one is its own.
            let released = image.releases(names.iter().map(|name| (name.as_str(), about)));
            let release = if image.is_bottlerocket() { "1.50.0-cacc4ce9" } else { "1.34.1-20261105" };
            assert_eq!((released.0.len(), released.newest()), (1, Some(release)), "{ami_type}");
        }
    }

    #[test]
    fn others_have_no_releases() {
        for ami_type in ["CUSTOM", "WINDOWS_CORE_2022_x86_64", ""] {
            let image = image(ami_type, "1.34");
            assert_eq!(
                (image.pattern(), image.releases([("-1.34-v20261105", "")])),
                (None, Releases::default())
            );
        }
    }

    #[test]
    fn what_is_not_named_like_a_release_is_none() {
        let al2023 = image("AL2023_x86_64_STANDARD", "1.3");
        let names =
            ["4-v20261105", "-v2026110", "-v20261105-beta", "-v202611051", "-vlatest", "-20261105", ""];
        let names = names.map(|rest| format!("amazon-eks-node-al2023-x86_64-standard-1.3{rest}"));
        assert_eq!(al2023.releases(names.iter().map(|name| (name.as_str(), ""))), Releases::default());
        let bottlerocket = image("BOTTLEROCKET_x86_64", "1.34");
        let names = ["1.50.0", "1.50-cacc4ce9", "1.50.0-", "1.50.0-dirty", "1.50.x-cacc4ce9"];
        let names = names.map(|rest| format!("bottlerocket-aws-k8s-1.34-x86_64-v{rest}"));
        assert_eq!(bottlerocket.releases(names.iter().map(|name| (name.as_str(), ""))), Releases::default());
    }

    #[test]
    fn releases_newer_by_their_own_order_are_counted_once_each() {
        let name = |date: &str| format!("amazon-eks-node-al2023-x86_64-standard-1.34-v{date}");
        // A later release may bring an earlier Kubernetes; one whose patch is not told counts all the same.
        let images = [
            ("20261105", "(k8s: 1.34.1, containerd: 2.1)"),
            ("20260910", "(k8s: 1.34.2, containerd: 2.1)"),
            ("20261119", "an image"),
            ("20261119", "an image"),
            ("20261001", "(k8s: 1.33.9)"),
        ]
        .map(|(date, about)| (name(date), about));
        let al2023 = image("AL2023_x86_64_STANDARD", "1.34");
        let released = al2023.releases(images.iter().map(|(name, about)| (name.as_str(), *about)));
        let behind =
            |release: &str| al2023.behind(release, &released).map(|behind| (behind.releases, behind.newest));
        assert_eq!(behind("1.34.2-20260910"), Some((3, None)));
        assert_eq!(behind("1.34.1-20261020"), Some((2, None)));
        assert_eq!(behind("1.34.1-20261119"), Some((0, None)));
        // What is newer than all that is known, or has another form.
        assert_eq!([behind("1.34.1-20270101"), behind("ami-0123456789"), behind("")], [None, None, None]);
        assert_eq!(al2023.behind("1.34.1-20261105", &Releases::default()), None);

        let bottlerocket = image("BOTTLEROCKET_ARM_64", "1.34");
        let images = ["1.9.2-ffffffff", "1.50.0-0acc4ce9", "1.49.1-cacc4ce9"]
            .map(|rest| format!("bottlerocket-aws-k8s-1.34-aarch64-v{rest}"));
        let released = bottlerocket.releases(images.iter().map(|name| (name.as_str(), "")));
        let behind = bottlerocket.behind("1.9.2-ffffffff", &released).unwrap();
        assert_eq!((behind.releases, behind.newest.as_deref()), (2, Some("1.50.0-0acc4ce9")));
    }
}
