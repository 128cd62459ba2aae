//! What every declaration must hold to.

use std::collections::HashSet;

use eksact::config::{Code, docs, known, reachable};

use super::cases::read;

#[test]
fn every_default_reads_without_a_word() {
    for version in ["eksctl.io/v1alpha5", "eksact.dev/v1alpha1"] {
        let smallest = format!(
            "{{apiVersion: {version}, kind: ClusterConfig, metadata: {{name: a, region: eu-central-1}},
            managedNodeGroups: [{{name: a, taints: [{{key: a, effect: NoExecute}}]}}], addons: [{{name: a}}],
            secretsEncryption: {{keyARN: 'arn:aws:kms:eu-central-1:123456789012:key/a'}},
            vpc: {{subnets: {{private: {{a: {{id: subnet-0b2512f8c6ae9bf30}}, b: {{id: subnet-0b2512f8}}}}}}}}
            }}"
        );
        let outcome = read(&smallest);
        assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.diagnostics);
        assert!(outcome.cluster.is_some());
    }
}

#[test]
fn no_name_is_declared_twice_in_a_section() {
    for (path, section) in known() {
        let mut seen = HashSet::new();
        for name in section.names().chain(section.refused.iter().map(|(name, _)| *name)) {
            assert!(seen.insert(name), "{name} in {path}");
        }
        for (old, new) in section.renamed {
            assert!(section.fields.iter().any(|field| field.key == *new), "{old} is renamed to nothing");
        }
    }
}

#[test]
fn codes_are_distinct() {
    let ids: HashSet<&str> = Code::ALL.iter().map(|code| code.id()).collect();
    assert_eq!(ids.len(), Code::ALL.len());
}

#[test]
fn the_documentation_names_every_field() {
    let page = docs::markdown();
    for (_, section) in reachable() {
        assert!(section.fields.iter().all(|field| page.contains(&format!("| `{}` | ", field.key))));
    }
    assert!(
        page.contains(
            "| `volumeSize` | a whole number from 1 to 16384 | `80` | Size of the root volume in GiB. |"
        ),
        "{page}"
    );
}
