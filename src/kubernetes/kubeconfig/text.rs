//! A kubeconfig as text and as what it means. Edits are made to both; the text is written only if it means
//! the same in the end.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::KubeconfigError;
use super::file::{self, Locked};
use super::section::{self, Lines};

/// A kubeconfig that is being edited.
pub(super) struct Draft {
    /// Where it is, as it was named.
    path: PathBuf,
    /// Whether something is to stand in it, or not to, that is asked for: written or not, it is then ours to keep.
    is_touched: bool,
    before: String,
    meaning: Map<String, Value>,
    /// The text; nothing, once an edit could not be made to it.
    lines: Option<Lines>,
}

impl Draft {
    /// Reads it; one that is not there has nothing in it.
    pub fn read(path: &Path) -> Result<Self, KubeconfigError> {
        let before = file::read(path)?;
        let unreadable = |why: String| KubeconfigError::Unreadable { path: path.into(), why };
        let meaning = match before.lines().all(section::is_silent) {
            true => Value::Null,
            false => {
                serde_saphyr::from_str(&before).map_err(|error| unreadable(first_line(&error.to_string())))?
            }
        };
        let meaning = match meaning {
            Value::Null => return Ok(Self::begun(path, before)),
            Value::Object(meaning) => meaning,
            _ => return Err(unreadable("it is no mapping".to_owned())),
        };
        for list in ["clusters", "users", "contexts"] {
            if !meaning.get(list).is_none_or(|it| it.is_array() || it.is_null()) {
                return Err(unreadable(format!("`{list}` is no list")));
            }
        }
        let lines = Some(lines(&before));
        Ok(Self { path: path.into(), is_touched: false, before, meaning, lines })
    }

    /// One that says nothing yet, but for what is remarked in it.
    fn begun(path: &Path, before: String) -> Self {
        let mut lines = lines(&before);
        lines.retain(|line| section::is_silent(line) && !before.trim().is_empty());
        lines.extend(["apiVersion: v1\n", "kind: Config\n"].map(str::to_owned));
        let meaning = json!({ "apiVersion": "v1", "kind": "Config" });
        let meaning = meaning.as_object().cloned().unwrap_or_default();
        Self { path: path.into(), is_touched: false, before, meaning, lines: Some(lines) }
    }

    /// Where it is, as it was named.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it was asked for something in it.
    pub fn is_touched(&self) -> bool {
        self.is_touched
    }

    /// The items of a list.
    pub fn items(&self, list: &str) -> impl Iterator<Item = &Value> {
        self.meaning.get(list).and_then(Value::as_array).into_iter().flatten()
    }

    /// One of them.
    pub fn get(&self, list: &str, name: &str) -> Option<&Value> {
        self.items(list).find(|it| it["name"] == name)
    }

    /// The current context, where it says one.
    pub fn current(&self) -> Option<&str> {
        self.meaning.get("current-context").and_then(Value::as_str).filter(|it| !it.is_empty())
    }

    /// Puts an item in the place of the one of its name, or behind the others.
    pub fn set(&mut self, list: &str, name: &str, item: Value) {
        self.is_touched = true;
        if self.get(list, name) == Some(&item) {
            return;
        }
        self.edit(|lines| section::set(lines, list, name, &item));
        let slot = self.meaning.entry(list).or_insert(Value::Null);
        if !slot.is_array() {
            *slot = Value::Array(Vec::new());
        }
        let Some(items) = slot.as_array_mut() else { return };
        match items.iter_mut().find(|it| it["name"] == name) {
            Some(found) => *found = item,
            None => items.push(item),
        }
    }

    /// Takes an item out.
    pub fn unset(&mut self, list: &str, name: &str) {
        if self.get(list, name).is_none() {
            return;
        }
        self.is_touched = true;
        self.edit(|lines| section::unset(lines, list, name));
        if let Some(items) = self.meaning.get_mut(list).and_then(Value::as_array_mut) {
            items.retain(|it| it["name"] != name);
        }
    }

    /// Makes a context the current one.
    pub fn set_current(&mut self, context: &str) {
        self.is_touched = true;
        if self.current() != Some(context) {
            self.edit(|lines| section::assign(lines, "current-context", context));
            self.meaning.insert("current-context".to_owned(), context.into());
        }
    }

    fn edit(&mut self, change: impl Fn(&mut Lines) -> Option<()>) {
        self.lines = self.lines.take().and_then(|mut lines| change(&mut lines).map(|()| lines));
    }

    /// Whether something that was remarked is not in a text any more.
    fn loses_remarks(&self, text: &str) -> bool {
        let kept: BTreeSet<&str> = section::remarks(text).collect();
        section::remarks(&self.before).any(|remark| !kept.contains(remark))
    }

    /// The text with its lines edited, where that means what it should.
    fn edited(&self) -> Option<String> {
        let text = self.lines.as_ref()?.concat();
        let meaning: Option<Value> = serde_saphyr::from_str(&text).ok();
        (meaning.as_ref().and_then(Value::as_object) == Some(&self.meaning)).then_some(text)
    }

    /// Whether the file's text will be another one.
    pub fn changes(&self) -> bool {
        self.edited().as_ref() != Some(&self.before)
    }

    /// Writes what differs from before. Where only the meaning could be kept, or somebody's remark goes with the
    /// lines around it, the text before is kept beside.
    pub fn write(&self, file: &Locked) -> Result<Option<PathBuf>, KubeconfigError> {
        if let Some(text) = self.edited() {
            if text == self.before {
                file.make_private()?;
                return Ok(None);
            }
            let backup = if self.loses_remarks(&text) { Some(file.back_up(&self.before)?) } else { None };
            file.write(&text)?;
            return Ok(backup);
        }
        let unwritable = |why: String| KubeconfigError::Unreadable { path: self.path.clone(), why };
        let text = match self.before.trim_start().starts_with('{') {
            true => {
                serde_json::to_string_pretty(&self.meaning).map_err(|error| unwritable(error.to_string()))
            }
            false => section::yaml(&self.meaning).map_err(|error| unwritable(error.to_string())),
        }?;
        let backup = file.back_up(&self.before)?;
        file.write(&text)?;
        Ok(Some(backup))
    }
}

fn lines(text: &str) -> Lines {
    let mut lines: Lines = text.split_inclusive('\n').map(str::to_owned).collect();
    if let Some(last) = lines.last_mut().filter(|last| !last.ends_with('\n')) {
        last.push('\n');
    }
    lines
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}
