//! What AWS's own files say that the SDK does not heed by itself.

use std::borrow::Cow;
use std::path::PathBuf;

use aws_config::profile::{ProfileSet, load};
use aws_types::os_shim_internal::{Env, Fs};

/// The profiles of the environment's files, and which of them is meant.
pub(super) struct Profiles {
    all: ProfileSet,
    chosen: String,
}

/// A code that a profile asks for.
pub(super) struct Mfa<'a> {
    pub profile: &'a str,
    /// The profile that was asked for, which may only begin with it.
    pub chosen: &'a str,
    pub device: &'a str,
}

impl Profiles {
    /// As they are; nothing, where there are none, or where they cannot be read: that is told by whoever
    /// needs them.
    pub async fn read(name: Option<&str>) -> Option<Self> {
        let name = name.map(|name| Cow::Owned(name.to_owned()));
        let all = load(&Fs::real(), &Env::real(), &Default::default(), name).await.ok()?;
        let chosen = all.selected_profile().to_owned();
        Some(Self { all, chosen })
    }

    /// The profile that is meant, where the files do not have it.
    pub fn missing(&self) -> Option<String> {
        self.all.get_profile(&self.chosen).is_none().then(|| self.chosen.clone())
    }

    /// The file with the authorities that are believed.
    pub fn ca_bundle(&self) -> Option<PathBuf> {
        let path = self.all.get_profile(&self.chosen)?.get("ca_bundle")?;
        (!path.is_empty()).then(|| PathBuf::from(path))
    }

    /// The first profile of the chain that asks for a code, and of which device.
    pub fn mfa(&self) -> Option<Mfa<'_>> {
        let mut name = self.chosen.as_str();
        // No chain is longer, unless it goes round.
        for _ in self.all.profiles() {
            let profile = self.all.get_profile(name)?;
            if let Some(device) = profile.get("mfa_serial") {
                return Some(Mfa { profile: profile.name(), chosen: &self.chosen, device });
            }
            name = profile.get("source_profile")?;
        }
        None
    }
}
