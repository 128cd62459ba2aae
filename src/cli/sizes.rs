//! How many nodes, as flags of eksctl's say it.

/// How many nodes a node group has.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct Sizes {
    /// Nodes at first
    #[arg(long, short = 'N', value_name = "NUMBER")]
    pub nodes: Option<u32>,
    /// Fewest nodes
    #[arg(long, short = 'm', value_name = "NUMBER")]
    pub nodes_min: Option<u32>,
    /// Most nodes
    #[arg(long, short = 'M', value_name = "NUMBER")]
    pub nodes_max: Option<u32>,
}
