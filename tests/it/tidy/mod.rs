//! What ARCHITECTURE.md says of the sources, held by reading them. Each rule is shown to be able to fail.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs::{read_dir, read_to_string};
use std::path::Path;

mod source;

use source::{Source, code_of, sources};

/// Each module, and those that it may name besides itself.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("cluster", &[]),
    ("resource", &["cluster"]),
    ("config", &["cluster"]),
    ("graph", &["resource", "cluster"]),
    ("world", &["resource", "cluster"]),
    ("desired", &["config", "cluster", "graph", "resource", "world"]),
    ("plan", &["world", "graph", "resource", "cluster"]),
    ("apply", &["world", "plan", "resource", "cluster"]),
    ("sim", &["world", "resource", "cluster"]),
    ("aws", &["world", "resource", "cluster"]),
    ("kubernetes", &["world", "resource", "cluster"]),
    ("price", &["resource"]),
    (
        "ops",
        &[
            "cluster",
            "resource",
            "config",
            "graph",
            "world",
            "desired",
            "plan",
            "apply",
            "sim",
            "aws",
            "kubernetes",
        ],
    ),
    (
        "view",
        &[
            "cluster", "resource", "config", "graph", "world", "desired", "plan", "apply", "aws", "price",
            "ops",
        ],
    ),
    ("cli", &["cluster", "resource", "config", "world", "plan", "apply", "aws", "kubernetes", "ops", "view"]),
];

/// Those that do no I/O, read no clock and are not async.
const PURE: &[&str] = &["cluster", "resource", "config", "graph", "desired", "plan", "price"];

/// What a pure module has no use for.
const IMPURE: &[&str] = &[
    "async fn",
    ".await",
    "tokio::",
    "std::fs",
    "std::io",
    "std::net",
    "std::process",
    "std::thread",
    "Instant",
    "SystemTime",
    "Timestamp::now",
];

/// A word, and the modules that may say it.
const RESERVED: &[(&str, &[&str])] = &[
    ("aws_sdk_", &["aws"]),
    ("aws_config", &["aws"]),
    ("kube::", &["kubernetes"]),
    ("k8s_openapi", &["kubernetes"]),
    ("indicatif", &["view"]),
    ("std::env", &["cli", "main"]),
    ("println!", &[]),
    ("print!", &[]),
    ("dbg!", &[]),
    ("todo!", &[]),
    ("unimplemented!", &[]),
    ("#[allow(", &[]),
    ("#![allow(", &[]),
];

const LINES_OF_A_FILE: usize = 600;
const LINES_OF_MAIN: usize = 40;
const LINES_OF_A_FUNCTION: usize = 80;

/// What is wrong with a file.
fn faults(source: &Source) -> Vec<String> {
    let at = |what: String| format!("{}: {what}", source.path);
    let all = [wrong_names(source), reserved_words(source), impurities(source), lengths(source)];
    all.concat().into_iter().map(at).collect()
}

/// Modules of ours that it names and must not.
fn wrong_names(source: &Source) -> Vec<String> {
    let Some((module, may)) = MAY_NAME.iter().find(|(module, _)| Some(*module) == source.module()) else {
        return Vec::new();
    };
    let named = source.code.split("crate::").skip(1).flat_map(|rest| {
        // `crate::{one, other}` names several.
        let group = rest.strip_prefix('{').map(|group| group.split('}').next().unwrap_or(group));
        let names = group.unwrap_or(rest).split(',').take(if group.is_some() { usize::MAX } else { 1 });
        names.map(|name| {
            name.trim().split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).next().unwrap()
        })
    });
    let is_module = |name: &&str| MAY_NAME.iter().any(|(module, _)| module == name);
    let wrong = named.filter(is_module).filter(|name| name != module && !may.contains(name));
    wrong.map(|name| format!("{module} names {name}")).collect()
}

fn reserved_words(source: &Source) -> Vec<String> {
    let module = source.module().unwrap_or("tests");
    let said = RESERVED.iter().filter(|(word, by)| says(&source.code, word) && !by.contains(&module));
    said.filter(|(word, _)| word.starts_with('#') || module != "tests")
        .map(|(word, _)| format!("says {word}"))
        .collect()
}

fn impurities(source: &Source) -> Vec<String> {
    let pure = source.module().is_some_and(|module| PURE.contains(&module));
    let said = IMPURE.iter().filter(|word| pure && says(&source.code, word));
    said.map(|word| format!("is pure, but says {word}")).collect()
}

/// Whether a word stands in it, and not only as a part of a longer one.
fn says(code: &str, word: &str) -> bool {
    let letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    let whole = |at: usize| {
        let (before, after) = (&code[..at], &code[at + word.len()..]);
        let goes_on = word.starts_with(letter) && before.ends_with(letter);
        let goes_further = word.ends_with(char::is_alphanumeric) && after.starts_with(letter);
        !goes_on && !goes_further
    };
    code.match_indices(word).any(|(at, _)| whole(at))
}

fn lengths(source: &Source) -> Vec<String> {
    let most = if source.path == "src/main.rs" { LINES_OF_MAIN } else { LINES_OF_A_FILE };
    let lines: Vec<&str> = source.code.lines().collect();
    let long = (lines.len() > most).then(|| format!("has {} lines", lines.len()));
    let starts = (0..lines.len()).filter(|at| says(lines[*at], "fn ") && !lines[*at].contains("fn("));
    let function =
        |at: usize| Some((at, length(&lines[at..])?)).filter(|(_, length)| *length > LINES_OF_A_FUNCTION);
    // A test may have a long table.
    let functions = starts.filter_map(function).filter(|_| source.module().is_some());
    let told = functions.map(|(at, length)| format!("{} has {length} lines", lines[at].trim()));
    long.into_iter().chain(told).collect()
}

/// How many lines there are up to the brace that closes the first one; nothing where there is only a signature.
fn length(lines: &[&str]) -> Option<usize> {
    let mut depth = 0;
    for (number, line) in lines.iter().enumerate() {
        for letter in line.chars() {
            match letter {
                '{' => depth += 1,
                '}' if depth == 1 => return Some(number + 1),
                '}' => depth -= 1,
                ';' if depth == 0 => return None,
                _ => {}
            }
        }
    }
    None
}

#[test]
fn the_sources_are_as_the_architecture_says() {
    let mut all = Vec::new();
    ["src", "tests"]
        .iter()
        .for_each(|folder| sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut all));
    let faults: Vec<String> = all.iter().flat_map(faults).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(all.len() > 100, "they were read: {}", all.len());
}

#[test]
fn every_module_of_the_library_has_its_place() {
    let lib = code_of(&read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap());
    let modules = lib.split("mod ").skip(1).map(|rest| rest.split(';').next().unwrap());
    let unknown: Vec<&str> =
        modules.filter(|name| !MAY_NAME.iter().any(|(module, _)| module == name)).collect();
    assert_eq!(unknown, [""; 0], "say in MAY_NAME what it may name");
    for (place, (module, may)) in MAY_NAME.iter().enumerate() {
        let later: Vec<_> =
            MAY_NAME[place..].iter().map(|(name, _)| name).filter(|it| may.contains(it)).collect();
        assert!(later.is_empty(), "{module} names {later:?}, which come after it");
    }
}

/// One type, one file of the same name in each module that deals with it.
#[test]
fn every_type_lives_where_its_name_says() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for service in ["ec2", "eks", "iam"] {
        for entry in read_dir(source.join("resource").join(service)).unwrap().map(Result::unwrap) {
            for module in ["sim", "aws"].iter().filter(|module| source.join(module).exists()) {
                let beside = source.join(module).join(service).join(entry.file_name());
                assert!(beside.exists(), "{}", beside.display());
            }
        }
    }
}

#[test]
fn each_rule_can_fail() {
    let told = |path: &str, text: &str| faults(&Source::new(path, text));
    let one = |path: &str, text: &str, fault: &str| {
        assert_eq!(told(path, text), [format!("{path}: {fault}")]);
    };
    one("src/plan/mod.rs", "use crate::apply::Event;", "plan names apply");
    one("src/graph.rs", "use crate::{cluster::Span, plan::Plan, resource};", "graph names plan");
    one("src/resource/ec2/vpc.rs", "fn f() { $crate::sim::Sim::new() }", "resource names sim");
    one("src/ops/mod.rs", "use aws_sdk_ec2::Client;", "says aws_sdk_");
    one("src/plan/mod.rs", "let home = std::env::var_os(HOME);", "says std::env");
    one("src/apply/mod.rs", "fn f() { println!(\"x\") }", "says println!");
    one("tests/it/x.rs", "#[allow(dead_code)]\nfn f() {}", "says #[allow(");
    one("src/desired/mod.rs", "async fn f() {}", "is pure, but says async fn");
    one("src/plan/mod.rs", "let now = Timestamp::now();", "is pure, but says Timestamp::now");
    one("src/world.rs", &"\n".repeat(601), "has 601 lines");
    one("src/main.rs", &"\n".repeat(41), "has 41 lines");
    let long = format!("fn f<'a>(x: &'a str) -> char {{{}'}}' }}\n", "\n".repeat(80));
    one("src/world.rs", &long, "fn f<'a>(x: &'a str) -> char { has 81 lines");

    let fine = [
        ("tests/it/x.rs", long.as_str()),
        ("src/plan/mod.rs", "//! See [`crate::apply`].\nuse crate::world::World;"),
        ("src/plan/mod.rs", "const A: &str = \"println! { crate::apply\"; // #[allow("),
        ("src/plan/mod.rs", "const A: &str = r#\"tokio:: { \"#; const B: char = '\"';"),
        ("src/aws/mod.rs", "use aws_sdk_ec2::Client;"),
        ("src/cli/mod.rs", "use std::env;"),
        ("tests/it/x.rs", "fn f() { println!() }"),
    ];
    fine.iter().for_each(|(path, text)| assert_eq!(told(path, text), [""; 0]));
}
