//! The kubeconfig: what is written, and that all else stays as it is.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs::{create_dir_all, metadata, read_dir, read_to_string, set_permissions, write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use eksact::kubernetes::{
    Authenticator, Endpoint, Entry, Files, KubeconfigError, Removed, Special, Written, remove,
};
use tempfile::TempDir;

/// As kubectl writes it, with a person's remarks.
const OTHERS: &str = "\
# my clusters
apiVersion: v1
clusters:
- cluster:
    insecure-skip-tls-verify: true # at home
    server: https://127.0.0.1:6443
  name: kind
# the ones at work
- cluster: {server: 'https://work.example'}
  name: work
contexts:
- context:
    cluster: kind
    user: me
  name: kind
- {name: work, context: {cluster: work, user: me, namespace: \"on\"}}
current-context: work   # mostly
kind: Config
preferences: {}
users:
  - name: me
    user:
      token: |-
        a
        - b
      unknown-field: 1.30
";

struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new(text: &str) -> Self {
        let desk = Self { folder: TempDir::new().unwrap() };
        write(desk.path(), text).unwrap();
        desk
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("config")
    }

    fn text(&self) -> String {
        read_to_string(self.path()).unwrap()
    }

    fn files(&self) -> Files {
        Files::one(self.path())
    }

    fn write(&self, entry: &Entry, current: bool) -> Written {
        entry.write(&self.files(), current).unwrap()
    }

    fn remove(&self) -> Removed {
        remove(&self.files(), &demo().arn).unwrap()
    }

    /// The files that are there, but for the one itself.
    fn beside(&self) -> usize {
        read_dir(self.folder.path()).unwrap().count() - 1
    }
}

fn entry(account: &str, address: &str) -> Entry {
    Entry {
        cluster: "demo".to_owned(),
        region: "us-west-2".to_owned(),
        arn: format!("arn:aws:eks:us-west-2:{account}:cluster/demo"),
        endpoint: Endpoint { address: address.to_owned(), certificate_authority: "TFMwdA==".repeat(300) },
        authenticator: Authenticator::Eksact("eksact".to_owned()),
        profile: None,
    }
}

fn one(path: PathBuf) -> Files {
    Files::one(path)
}

fn demo() -> Entry {
    entry("123456789012", "https://demo.eks.example")
}

#[test]
fn a_file_that_is_not_there_is_made_for_its_owner_alone() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("home/.kube/config");
    let written = demo().write(&one(path.clone()), true).unwrap();
    assert_eq!((written.context.as_str(), written.current, written.backup), ("demo.us-west-2", true, None));
    assert_eq!(metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    insta::assert_snapshot!(read_to_string(&path).unwrap().replace(&"TFMwdA==".repeat(300), "CA"));
}

#[test]
fn other_peoples_lines_stay_as_they_are() {
    let desk = Desk::new(OTHERS);
    set_permissions(desk.path(), PermissionsExt::from_mode(0o644)).unwrap();
    let written = desk.write(&demo(), false);
    assert_eq!((written.current, written.backup), (false, None));
    let text = desk.text();
    let kept: Vec<&str> = OTHERS.lines().filter(|line| text.lines().any(|it| it == *line)).collect();
    assert_eq!(kept.join("\n") + "\n", OTHERS, "{text}");
    assert_eq!(metadata(desk.path()).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(desk.beside(), 0, "neither a lock nor a draft is left");

    desk.write(&demo(), true);
    desk.write(&demo(), true);
    assert!(desk.text().contains("current-context: demo.us-west-2   # mostly\n"), "{}", desk.text());
    assert_eq!(desk.remove().contexts, 1);
    assert_eq!(desk.text(), OTHERS, "and the context of before is the current one again");
}

#[test]
fn a_context_of_before_that_is_gone_does_not_come_back() {
    let desk = Desk::new(OTHERS);
    desk.write(&demo(), true);
    let text =
        desk.text().replace("- {name: work, context: {cluster: work, user: me, namespace: \"on\"}}\n", "");
    write(desk.path(), text).unwrap();
    assert_eq!(desk.remove().contexts, 1);
    assert!(desk.text().contains("current-context: \"\"   # mostly\n"), "{}", desk.text());
}

#[test]
fn written_again_it_is_the_same_and_a_new_cluster_takes_the_place_of_the_old_one() {
    let desk = Desk::new(OTHERS);
    desk.write(&demo(), false);
    let once = desk.text();
    desk.write(&demo(), false);
    assert_eq!(desk.text(), once);
    let again = desk.write(&entry("123456789012", "https://again.eks.example"), false);
    assert_eq!(again.context, "demo.us-west-2");
    assert_eq!(desk.text(), once.replace("https://demo.eks.example", "https://again.eks.example"));
}

#[test]
fn a_name_that_another_cluster_has_is_left_to_it() {
    let desk = Desk::new(OTHERS);
    desk.write(&demo(), true);
    let other = desk.write(&entry("999999999999", "https://other.eks.example"), false);
    assert_eq!(other.context, "demo.us-west-2.999999999999");
    let held = Desk::new(&OTHERS.replace("name: kind", "name: demo.us-west-2"));
    assert_eq!(held.write(&demo(), false).context, "demo.us-west-2.123456789012");
    let both = held.text().replace("eksact.dev/cluster", "someone.example");
    let both = Desk::new(&both);
    let refused = demo().write(&both.files(), false).unwrap_err();
    assert!(matches!(refused, KubeconfigError::Held { .. }), "{refused}");
}

#[test]
fn a_context_that_was_renamed_keeps_its_name_and_what_was_added_to_it() {
    let desk = Desk::new(OTHERS);
    desk.write(&demo(), true);
    let renamed = desk
        .text()
        .replace("- name: demo.us-west-2\n  context:\n", "- name: mine\n  context:\n    namespace: web\n")
        .replace("current-context: demo.us-west-2", "current-context: mine");
    write(desk.path(), &renamed).unwrap();
    let again = desk.write(&entry("123456789012", "https://again.eks.example"), true);
    assert_eq!((again.context.as_str(), again.current), ("mine", true));
    assert!(desk.text().contains("namespace: web"), "{}", desk.text());
    assert_eq!(desk.remove().contexts, 1);
    assert!(!desk.text().contains("mine") && !desk.text().contains("demo"), "{}", desk.text());
}

#[test]
fn what_cannot_be_edited_line_by_line_is_kept_beside() {
    let flow =
        "# mine\n{apiVersion: v1, kind: Config, clusters: [], users: [{name: a, user: {}}], contexts: []}\n";
    let desk = Desk::new(flow);
    let written = desk.write(&demo(), true);
    let backup = written.backup.unwrap();
    assert_eq!(read_to_string(&backup).unwrap(), flow);
    assert_eq!(metadata(&backup).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(desk.text().contains("name: a"), "{}", desk.text());
    assert_eq!(desk.remove().contexts, 1);

    let json =
        Desk::new(r#"{"apiVersion":"v1","kind":"Config","clusters":null,"users":null,"contexts":null}"#);
    assert!(json.write(&demo(), true).backup.is_some());
    let parsed: serde_json::Value = serde_json::from_str(&json.text()).unwrap();
    assert_eq!(parsed["current-context"], "demo.us-west-2");
}

#[test]
fn empty_lists_and_files_without_an_end_of_line_take_entries() {
    for text in [
        "apiVersion: v1\nclusters: []\ncontexts: null\nusers:\nkind: Config",
        "apiVersion: v1\nkind: Config\nclusters:\n  - name: a\n    cluster: {server: 'https://a'}",
        "",
        "\n",
    ] {
        let desk = Desk::new(text);
        let written = desk.write(&demo(), true);
        assert_eq!((written.backup, written.current), (None, true), "{text}");
        let parsed: serde_json::Value = serde_saphyr::from_str(&desk.text()).unwrap();
        let clusters = parsed["clusters"].as_array().unwrap();
        assert_eq!(clusters.last().unwrap()["name"], "demo.us-west-2", "{}", desk.text());
        assert_eq!(desk.remove().contexts, 1, "{}", desk.text());
    }
}

#[test]
fn what_is_no_kubeconfig_is_left_alone() {
    for text in ["- a\n", "clusters: 5\n", "a: [\n"] {
        let desk = Desk::new(text);
        let refused = demo().write(&desk.files(), true).unwrap_err();
        assert!(matches!(refused, KubeconfigError::Unreadable { .. }), "{refused}");
        assert_eq!((desk.text().as_str(), desk.beside()), (text, 0));
    }
    let nothing = TempDir::new().unwrap();
    assert_eq!(remove(&one(nothing.path().join("config")), &demo().arn).unwrap(), Removed::default());
}

#[test]
fn a_link_stays_a_link_and_two_writers_do_not_lose_each_other() {
    let desk = Desk::new(OTHERS);
    let folder = desk.folder.path().join("elsewhere");
    create_dir_all(&folder).unwrap();
    let link = folder.join("link");
    symlink(desk.path(), &link).unwrap();
    let accounts: Vec<String> = (0..8).map(|number| format!("10000000000{number}")).collect();
    std::thread::scope(|scope| {
        for account in &accounts {
            let link = &link;
            scope.spawn(move || {
                entry(account, "https://a.eks.example").write(&one(link.clone()), false).unwrap()
            });
        }
    });
    assert!(link.symlink_metadata().unwrap().is_symlink());
    let text = desk.text();
    assert!(accounts.iter().all(|account| text.contains(account)), "{text}");
}

#[test]
fn what_is_no_file_is_left_as_it_is() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    create_dir_all(at("folder")).unwrap();
    let _socket = UnixListener::bind(at("socket")).unwrap();
    assert!(Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
    symlink(at("pipe"), at("link")).unwrap();
    let kinds = [
        ("folder", Special::Folder),
        ("socket", Special::Socket),
        ("pipe", Special::Pipe),
        ("link", Special::Pipe),
    ];
    for (name, what) in kinds {
        assert_eq!(Special::at(&at(name)), Some(what));
        let refused = demo().write(&one(at(name)), true).unwrap_err();
        assert!(matches!(refused, KubeconfigError::Special { .. }), "{refused}");
        assert_eq!(Special::at(&at(name)), Some(what), "{name} is what it was");
    }
    assert_eq!(read_dir(folder.path()).unwrap().count(), 4, "nothing lies beside");
    // Only looked at: no test writes where a mistake would be the machine's.
    assert_eq!(Special::at(Path::new("/dev/null")), Some(Special::CharacterDevice));
    assert_eq!(Special::at(&at("absent")), None);
}

#[test]
fn a_link_to_a_file_that_is_not_there_yet_is_written_through() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    symlink("second", at("first")).unwrap();
    symlink("config", at("second")).unwrap();
    demo().write(&one(at("first")), true).unwrap();
    assert!(at("first").symlink_metadata().unwrap().is_symlink());
    assert!(at("config").symlink_metadata().unwrap().is_file());
    assert!(read_to_string(at("config")).unwrap().contains("demo"));

    symlink("unmounted/config", at("away")).unwrap();
    let refused = demo().write(&one(at("away")), true).unwrap_err();
    assert!(matches!(refused, KubeconfigError::File { .. }), "{refused}");
    assert!(!at("unmounted").exists());
    symlink("round", at("round")).unwrap();
    demo().write(&one(at("round")), true).unwrap_err();
    assert!(at("round").symlink_metadata().unwrap().is_symlink());
}

#[test]
fn a_file_that_is_right_already_is_still_taken_from_others() {
    let desk = Desk::new(OTHERS);
    desk.write(&demo(), false);
    for (before, after) in [(0o644, 0o600), (0o755, 0o600), (0o444, 0o400)] {
        set_permissions(desk.path(), PermissionsExt::from_mode(before)).unwrap();
        desk.write(&demo(), false);
        assert_eq!(metadata(desk.path()).unwrap().permissions().mode() & 0o777, after);
    }
}

#[test]
fn a_file_that_is_read_only_is_not_written() {
    for text in [OTHERS, "{apiVersion: v1, kind: Config}\n"] {
        let desk = Desk::new(text);
        set_permissions(desk.path(), PermissionsExt::from_mode(0o444)).unwrap();
        let refused = demo().write(&desk.files(), true).unwrap_err();
        assert!(matches!(refused, KubeconfigError::ReadOnly { .. }), "{refused}");
        assert!(refused.to_string().contains("chmod u+w"), "{refused}");
        assert_eq!((desk.text().as_str(), desk.beside()), (text, 0));
        assert_eq!(metadata(desk.path()).unwrap().permissions().mode() & 0o777, 0o444);
    }
}

#[test]
fn of_several_files_all_are_written_or_none() {
    let folder = TempDir::new().unwrap();
    let [first, second] = ["first", "second"].map(|name| folder.path().join(name));
    demo().write(&one(second.clone()), false).unwrap();
    write(&first, "current-context: kind\n").unwrap();
    set_permissions(&second, PermissionsExt::from_mode(0o400)).unwrap();
    let files = Files::listed(vec![first.clone(), second]).unwrap();
    let moved = entry("123456789012", "https://again.eks.example");
    let refused = moved.write(&files, true).unwrap_err();
    assert!(matches!(refused, KubeconfigError::ReadOnly { .. }), "{refused}");
    assert_eq!(read_to_string(&first).unwrap(), "current-context: kind\n");
}

#[test]
fn a_file_that_only_remarks_something_is_an_empty_one() {
    for (text, kept) in [
        ("# mine\n", "# mine\n"),
        ("\n# mine\n  # and ours", "\n# mine\n  # and ours\n"),
        ("null\n", ""),
        ("# mine\n---\n~\n", "# mine\n"),
    ] {
        let desk = Desk::new(text);
        let written = desk.write(&demo(), true);
        assert_eq!((written.current, written.backup), (true, None), "{text}");
        assert!(desk.text().starts_with(&format!("{kept}apiVersion: v1\nkind: Config\n")), "{}", desk.text());
    }
}

#[test]
fn remarks_behind_empty_lists_stay() {
    let text = "\
apiVersion: v1
clusters: [] # none yet
contexts: []   # none
current-context: \"\" # nor here
kind: Config
users: # nobody
";
    let desk = Desk::new(text);
    assert_eq!(desk.write(&demo(), true).backup, None);
    for line in ["clusters: # none yet\n", "contexts:   # none\n", "users: # nobody\n"] {
        assert!(desk.text().contains(line), "{}", desk.text());
    }
    desk.remove();
    assert_eq!(desk.text(), text.replace("users: #", "users: [] #"));
    assert_eq!(desk.beside(), 0);
}

#[test]
fn a_remark_that_goes_with_our_own_lines_is_kept_beside() {
    let desk = Desk::new(OTHERS);
    desk.write(&demo(), false);
    let remarked = desk.text().replace("- name: demo.us-west-2\n", "- name: demo.us-west-2\n  # ask Ann\n");
    write(desk.path(), &remarked).unwrap();
    let again = desk.write(&entry("123456789012", "https://again.eks.example"), false);
    assert_eq!(again.backup, None, "the remark at the context is still there");
    desk.remove();
    assert_eq!(desk.beside(), 1);
}

#[test]
fn a_name_that_another_file_of_the_list_has_is_left_to_it() {
    let folder = TempDir::new().unwrap();
    let [first, second] = ["first", "second"].map(|name| folder.path().join(name));
    let files = Files::listed(vec![first.clone(), second.clone(), first.clone()]).unwrap();
    let other = entry("999999999999", "https://other.eks.example");
    other.write(&one(second.clone()), true).unwrap();
    write(&first, "current-context: kind\n").unwrap();
    let written = demo().write(&files, true).unwrap();
    assert_eq!((&written.path, written.context.as_str()), (&first, "demo.us-west-2.123456789012"));
    assert!(read_to_string(&first).unwrap().contains("current-context: demo.us-west-2.123456789012\n"));

    let again = entry("999999999999", "https://again.eks.example").write(&files, true).unwrap();
    assert_eq!((&again.path, again.context.as_str(), again.current), (&second, "demo.us-west-2", true));
    let text = read_to_string(&second).unwrap();
    assert!(
        text.contains("https://again.eks.example") && text.contains("before: demo.us-west-2.123456789012")
    );
    let text = read_to_string(&first).unwrap();
    assert!(text.contains("current-context: demo.us-west-2\n") && !text.contains("again.eks"), "{text}");
    let removed = remove(&files, &other.arn).unwrap();
    assert_eq!(removed.contexts, 1);
    let touched: Vec<_> = removed.files.iter().map(|it| &it.path).collect();
    assert_eq!(touched, [&first, &second]);
    let text = read_to_string(&first).unwrap();
    assert!(text.contains("current-context: demo.us-west-2.123456789012\n"), "{text}");
}

#[test]
fn an_entry_goes_from_all_files_in_which_it_stands() {
    let folder = TempDir::new().unwrap();
    let [first, second] = ["first", "second"].map(|name| folder.path().join(name));
    demo().write(&one(second.clone()), true).unwrap();
    let other = entry("999999999999", "https://other.eks.example");
    other.write(&one(first.clone()), true).unwrap();
    // The one in the second file is hidden by the other cluster's of the same name, and is not what is found.
    let files = Files::listed(vec![first.clone(), second.clone()]).unwrap();
    let written = demo().write(&files, false).unwrap();
    assert_eq!((&written.path, written.context.as_str()), (&first, "demo.us-west-2.123456789012"));
    assert!(!written.current);
    assert_eq!(remove(&files, &demo().arn).unwrap().contexts, 2);
    let text = read_to_string(&first).unwrap();
    assert!(!text.contains("123456789012") && text.contains("current-context: demo.us-west-2\n"), "{text}");
    assert!(text.contains("https://other.eks.example"), "{text}");
    let text = read_to_string(&second).unwrap();
    assert!(!text.contains("demo.eks.example") && !text.contains("command: eksact"), "{text}");
    assert_eq!(read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn a_file_of_the_list_that_is_only_read_is_not_locked() {
    let folder = TempDir::new().unwrap();
    let [first, second] = ["first", "second"].map(|name| folder.path().join(name));
    write(&second, OTHERS).unwrap();
    write(&first, "").unwrap();
    write(folder.path().join("second.lock"), "").unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let files = Files::listed(vec![first.clone(), second.clone(), pipe]).unwrap();
    demo().write(&files, false).unwrap();
    assert_eq!(remove(&files, &demo().arn).unwrap().files.len(), 1);
    assert_eq!(read_to_string(&second).unwrap(), OTHERS);
}

#[test]
fn a_backup_that_a_removal_makes_is_named() {
    let desk = Desk::new(r#"{"apiVersion":"v1","kind":"Config","clusters":[],"users":[],"contexts":[]}"#);
    desk.write(&demo(), true);
    let before = desk.text();
    let removed = desk.remove();
    let backup = removed.files[0].backup.clone().unwrap();
    assert_eq!(read_to_string(backup).unwrap(), before);
    assert_eq!(desk.beside(), 2, "neither is written over the other");
}
