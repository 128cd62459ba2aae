//! The command line: arguments become settings, settings a job, its end an exit code.

mod adding;
mod carry;
mod chosen;
mod commands;
mod component;
mod conflicts;
mod deny;
mod environment;
mod error;
mod exit;
mod github;
mod inside;
mod kubeconfig;
mod lockout;
mod log;
mod make;
mod preflight;
mod printer;
mod prompt;
mod receipt;
mod reporting;
mod run;
mod settings;
mod signals;
mod sizes;
mod source;
mod taking;
mod tally;

use clap::{Parser, Subcommand};

use error::CommandError;
pub use exit::Exit;
use printer::Printer;
use settings::{Global, Output};

/// Makes an EKS cluster exactly what its file says.
#[derive(Debug, Parser)]
#[command(
    name = "eksact",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true
)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Validate(commands::validate::Args),
    Explain(commands::explain::Args),
    Plan(commands::plan::Args),
    Apply(commands::apply::Args),
    Create(commands::create::Args),
    Bootstrap(commands::bootstrap::Args),
    Delete(commands::delete::Args),
    Get(commands::get::Args),
    Scale(commands::scale::Args),
    Token(commands::token::Args),
    Utils(commands::utils::Args),
    Completion(commands::completion::Args),
    Version(commands::version::Args),
}

/// Runs the program with these arguments, the first of which is its own name.
pub fn main(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> Exit {
    let arguments: Vec<_> = arguments.into_iter().collect();
    if let Err(error) = environment::settle(&arguments) {
        return Printer::default().fail(&error);
    }
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help that was asked for is no error, and goes to stdout.
            _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Done };
        }
    };
    let settings = match cli.global.settings() {
        Ok(settings) => settings,
        Err(error) => return Printer::default().fail(&error),
    };
    let printer = Printer::new(&settings);
    if settings.output == Output::Markdown && !matches!(cli.command, Command::Plan(_)) {
        return printer
            .fail(&CommandError::usage("only a plan is told in markdown").hint("-o text, json or yaml"));
    }
    let wait = run::Wait { settings: &settings, printer: &printer };
    let ended = match cli.command {
        Command::Validate(args) => commands::validate::run(&args, &printer),
        Command::Explain(args) => commands::explain::run(&args, &printer),
        Command::Plan(args) => wait.end(commands::plan::run(&args, &settings, &printer)),
        Command::Apply(args) => wait.end(commands::apply::run(&args, &settings, &printer)),
        Command::Create(args) => wait.end(commands::create::run(&args, &settings, &printer)),
        Command::Bootstrap(args) => wait.end(commands::bootstrap::run(&args, &settings, &printer)),
        Command::Delete(args) => wait.end(commands::delete::run(&args, &settings, &printer)),
        Command::Get(args) => wait.end(commands::get::run(&args, &settings, &printer)),
        Command::Scale(args) => wait.end(commands::scale::run(&args, &settings, &printer)),
        Command::Token(args) => wait.end(commands::token::run(&args, &settings, &printer)),
        Command::Utils(args) => wait.end(commands::utils::run(&args, &settings, &printer)),
        Command::Completion(args) => commands::completion::run(&args, &printer),
        Command::Version(args) => commands::version::run(&args, &printer),
    };
    let exit = ended.unwrap_or_else(|error| printer.fail(&error));
    printer.close(exit)
}

/// The whole command line, for shells that complete it.
fn command() -> clap::Command {
    use clap::CommandFactory;
    Cli::command()
}
