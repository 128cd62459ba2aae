//! What image a node starts from, by what its instance types compute with.

use super::draft::Draft;
use crate::cluster::{Architecture, Span};
use crate::config::{AmiFamily, Code, Diagnostic, ManagedNodeGroup};

/// EKS's word for the image of a group, whose types must all start from the same one.
pub(super) fn ami_type(draft: &mut Draft<'_>, group: &ManagedNodeGroup) -> Option<String> {
    let mut found: Option<(&str, Architecture, Span)> = None;
    let places: Vec<Span> = group.type_places().chain([group.name.span]).collect();
    for (name, at) in group.types().into_iter().zip(places) {
        let Some(architecture) = draft.facts.instance_types.get(name).map(|it| it.architecture) else {
            let message = format!("there is no instance type `{name}` in {}", *draft.config.metadata.region);
            draft.refuse(Diagnostic::new(Code::NoSuchInstanceType, at, message).label("not in this region"));
            continue;
        };
        match found {
            None => found = Some((name, architecture, at)),
            Some((_, first, _)) if first == architecture => {}
            Some((first, other, before)) => {
                let message = format!("`{first}` and `{name}` do not start from one image");
                let mixed = Diagnostic::new(Code::MixedArchitectures, at, message);
                let mixed = mixed.label(format!("starts from {}", word(architecture)));
                draft.refuse(mixed.and(before, format!("starts from {}", word(other))));
            }
        }
    }
    let (_, architecture, _) = found?;
    Some(match group.ami_family.value {
        AmiFamily::AmazonLinux2023 => word(architecture).to_owned(),
    })
}

fn word(architecture: Architecture) -> &'static str {
    match architecture {
        Architecture::X86 => "AL2023_x86_64_STANDARD",
        Architecture::Arm => "AL2023_ARM_64_STANDARD",
        Architecture::X86Nvidia => "AL2023_x86_64_NVIDIA",
        Architecture::ArmNvidia => "AL2023_ARM_64_NVIDIA",
        Architecture::Neuron => "AL2023_x86_64_NEURON",
    }
}
