//! Objects in the cluster that others look after.

/// For commands that apply objects.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct Conflicts {
    /// Take over objects in the cluster that somebody else has made under the names of ours
    #[arg(long)]
    force_conflicts: bool,
}

impl Conflicts {
    /// Whether they are taken over.
    pub fn take_over(self) -> bool {
        self.force_conflicts
    }
}
