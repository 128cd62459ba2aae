//! The declarations as the reference page of the documentation.

use std::fmt::Write;

use crate::config::declare::{Default, FieldDecl, SectionDecl, reachable};

/// One Markdown table for each section, from the top down.
pub fn markdown() -> String {
    let mut page = String::new();
    for (path, decl) in reachable() {
        let title = if path.is_empty() { "The file".to_owned() } else { format!("`{path}`") };
        let _ = writeln!(page, "## {title}\n\n{}\n", decl.about.trim());
        page.push_str("| field | takes | default | |\n|---|---|---|---|\n");
        decl.fields.iter().for_each(|field| row(&mut page, field));
        states(&mut page, decl);
        page.push('\n');
    }
    page
}

fn row(page: &mut String, field: &FieldDecl) {
    let default = match field.default {
        Default::None if field.is_required() => "**required**".to_owned(),
        Default::None | Default::Open => String::new(),
        Default::Same(text) => format!("`{text}`"),
        Default::Differs { eksctl, eksact, .. } => format!("`{eksact}`; in eksctl's `{eksctl}`"),
    };
    let _ =
        writeln!(page, "| `{}` | {} | {default} | {} |", field.key, (field.kind.named)(), field.about.trim());
}

fn states(page: &mut String, decl: &SectionDecl) {
    for later in decl.not_yet {
        let but = if later.idle.is_empty() { String::new() } else { format!(", but for `{}`", later.idle) };
        let _ = writeln!(page, "| `{}` | | | *not supported yet{but}* |", later.key);
    }
    for (name, why) in decl.refused {
        let _ = writeln!(page, "| `{name}` | | | *not supported:* {why} |");
    }
    for (old, new) in decl.renamed {
        let _ = writeln!(page, "| `{old}` | | | *old name of* `{new}` |");
    }
}
