//! All checks, in the order in which they are told.

use super::{Check, control_plane, identities, nodes};

/// What is looked at.
pub static CHECKS: &[Check] = &[
    Check {
        name: "authentication-mode",
        rules: &[],
        because: "a ConfigMap inside the cluster decides, too, who gets in",
        about: "With access entries alone (`API`), AWS's own log shows who was let in, and nobody in the cluster can let \
                others in. eksctl's default is `API_AND_CONFIG_MAP`, eksact's is `API`.",
        find: control_plane::authentication_mode,
    },
    Check {
        name: "creator-admin",
        rules: &[],
        because: "whoever makes the cluster may do everything in it for good, and the file does not name them",
        about: "EKS lets the creator in by an entry of its own. Where the file names admins under \
                `accessConfig.accessEntries`, nobody needs it. It is on under both apiVersions: no default can know \
                whom you let in. What is chosen when a cluster is made does not change later.",
        find: control_plane::creator_admin,
    },
    Check {
        name: "private-endpoint",
        rules: &[],
        because: "nodes reach the control plane over the internet",
        about: "Inside the VPC, what nodes say to the API server does not leave it. It is off by eksctl's default, and on \
                by eksact's.",
        find: control_plane::private_endpoint,
    },
    Check {
        name: "public-endpoint",
        rules: &["CKV_AWS_38", "CKV_AWS_39"],
        because: "everybody on the internet reaches the API server",
        about: "Only credentials then stand between the internet and the cluster. Name the networks that you come from, or \
                switch the public endpoint off. It is open to 0.0.0.0/0 under both apiVersions: no default can know where \
                you are.",
        find: control_plane::public_endpoint,
    },
    Check {
        name: "secrets-encryption",
        rules: &["CKV_AWS_58"],
        because: "Kubernetes secrets are not encrypted with a key of yours",
        about: "EKS encrypts them with a key of AWS's; only with one of your own do you decide who may decrypt, and see who \
                did. A key must be given under both apiVersions, when the cluster is made.",
        find: control_plane::secrets_encryption,
    },
    Check {
        name: "control-plane-logs",
        rules: &["CKV_AWS_37"],
        because: "who did what in the cluster can be looked up nowhere",
        about: "The logs `api`, `audit` and `authenticator` say what was asked of the API server, and by whom. They are off \
                by eksctl's default, and on by eksact's.",
        find: control_plane::logs,
    },
    Check {
        name: "log-retention",
        rules: &[],
        because: "the logs of the control plane are kept, and paid for, for good",
        about: "CloudWatch keeps logs until a number of days is said. Where the file says one, the log group is the \
                cluster's, and goes with it; otherwise EKS makes one, which stays. They are kept for good under both \
                apiVersions: how long you have to keep them is yours to know.",
        find: control_plane::log_retention,
    },
    Check {
        name: "kubernetes-version",
        rules: &["CKV_AWS_339"],
        because: "this version of Kubernetes is out of its standard support: it costs more, and ends soon",
        about: "EKS supports a version for 14 months, then for 12 more at six times the price. Left open, AWS's default is \
                taken, which is in standard support. Known here are the versions whose time had ended in November 2026; \
                `plan` asks AWS, and says until when a version is supported.",
        find: control_plane::kubernetes_version,
    },
    Check {
        name: "support-policy",
        rules: &[],
        because: "a version whose standard support ends stays, at six times the price",
        about: "Under `STANDARD`, EKS upgrades a cluster whose version's standard support ends; under `EXTENDED`, it keeps the \
                version for twelve months more, and asks $0.60 an hour instead of $0.10. `EXTENDED` is eksctl's default, \
                `STANDARD` eksact's.",
        find: control_plane::support_policy,
    },
    Check {
        name: "deletion-protection",
        rules: &[],
        because: "one call deletes the cluster",
        about: "A protected cluster is deleted by nobody until somebody takes the protection away: `delete cluster` then \
                refuses before anything is touched. It is off under both apiVersions: no default can know which cluster is \
                meant to go. eksctl's language has no word for it.",
        find: control_plane::deletion_protection,
    },
    Check {
        name: "cni-permissions",
        rules: &[],
        because: "every pod that reaches the node's credentials may take and give back network interfaces",
        about: "The add-on vpc-cni needs a policy to give pods addresses. Without a role of its own it takes the nodes', and \
                so can whatever else runs there. It has none under both apiVersions unless the file gives it one, or \
                `iam.withOIDC` is on.",
        find: identities::cni_permissions,
    },
    Check {
        name: "imds-v1",
        rules: &["CKV_AWS_79"],
        because: "whoever makes a pod send one request reads the node's credentials",
        about: "Version 1 of the instance metadata service answers to any request; version 2 wants a token first. It is \
                closed under both apiVersions unless the file opens it.",
        find: nodes::imds_v1,
    },
    Check {
        name: "imds-hop-limit",
        rules: &["CKV_AWS_341"],
        because: "every pod may do what its node may do in AWS",
        about: "With a hop limit of 1, answers of the instance metadata service do not get from the node to pods that have a \
                network of their own. What pods need, they get by roles of their own. It is 2 by eksctl's default, and 1 by \
                eksact's.",
        find: nodes::imds_hop_limit,
    },
    Check {
        name: "private-nodes",
        rules: &[],
        because: "every node has an address on the internet",
        about: "Nodes in private subnets have none: only a rule of a security group stands before them otherwise. Public \
                subnets are eksctl's default, private ones eksact's. A way in by SSH is not made at all: use SSM.",
        find: nodes::private_nodes,
    },
    Check {
        name: "volume-encryption",
        rules: &["CKV_AWS_8"],
        because: "what pods write on nodes lies open on the disks",
        about: "An encrypted volume costs nothing more; AWS's own key is taken unless the file names one. It is off by \
                eksctl's default, and on by eksact's.",
        find: nodes::volume_encryption,
    },
    Check {
        name: "volume-type",
        rules: &[],
        because: "the root volume is not of the type gp3",
        about: "gp3 is cheaper than gp2 and as fast whatever its size; io1 and io2 cost many times as much. It is gp3 under \
                both apiVersions unless the file says otherwise.",
        find: nodes::volume_type,
    },
    Check {
        name: "ecr-pull-only",
        rules: &[],
        because: "nodes may do more with images than pull them",
        about: "Who pushes an image that nodes run has the cluster. Builders get a role of their own. Nodes may only pull \
                under both apiVersions unless the file gives them more.",
        find: identities::ecr_pull_only,
    },
    Check {
        name: "workload-permissions",
        rules: &[],
        because: "what one workload needs, every pod on these nodes may do",
        about: "`withAddonPolicies` puts policies on the nodes' role. A pod identity association gives them to one service \
                account. Nodes have none under both apiVersions unless the file gives them some.",
        find: identities::workload_permissions,
    },
];
