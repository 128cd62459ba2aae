//! How long the version of Kubernetes is to be supported.

use super::draft::Draft;
use crate::config::{Choice, Code, Diagnostic, SupportType};

/// What the file says. Where it says nothing, and the version's standard support is over, there is one choice only: no
/// default makes a file fail.
pub(super) fn choose(draft: &mut Draft<'_>, version: Option<&str>) -> String {
    let written = &draft.config.upgrade_policy.support_type;
    let (asked, place) = (written.value, written.written_at());
    let known = draft.facts.versions.iter().find(|it| Some(it.version.as_str()) == version);
    let ended = known.and_then(|it| it.standard_until).filter(|until| *until <= draft.facts.now);
    // One that runs under this policy stays under it, until EKS upgrades the cluster.
    let lives = draft.kept.support.as_deref() == Some(SupportType::Standard.word());
    let (SupportType::Standard, Some(until), false) = (asked, ended, lives) else {
        return asked.word().to_owned();
    };
    if let Some(place) = place {
        let message = format!("the standard support of Kubernetes {} is over", version.unwrap_or_default());
        let over = Diagnostic::new(Code::SupportIsOver, place, message);
        let day = until.to_string();
        let day = day.split('T').next().unwrap_or_default();
        let over = over.label(format!("ended on {day}: EKS has it under `EXTENDED` only"));
        draft.refuse(over.help("or take a newer `metadata.version`, which costs less"));
    }
    SupportType::Extended.word().to_owned()
}
