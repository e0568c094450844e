import Batch
import Testing

@testable import SluiceCLI

@Suite("The flags of batch")
struct BatchCommandTests {
    @Test("The flags of batch have defaults: a manifest is run within what the process may use, and its own folder")
    func defaults() throws {
        let job = try BatchCommand.words("jobs.yaml").makeJob()
        #expect(job.manifest == "jobs.yaml" && !job.isDryRun && !job.overwrite)
        #expect(job.outputFolder == nil && !job.allowsAbsolutePaths)
        #expect(job.options == BatchOptions() && job.budget == RequestedBudget(threads: nil, memory: nil))
    }

    @Test("The flags of batch say how its jobs are run")
    func options() throws {
        let line = "jobs.yaml --jobs 3 --fail-fast --retries 2 --timeout 15m --kill-after 2s --trust mtime --no-sandbox"
        let options = try BatchCommand.words(line).makeJob().options
        #expect(options.jobs == 3 && options.failFast && options.retries == 2 && !options.isSandboxed)
        #expect(options.timeout == .seconds(900) && options.killAfter == .seconds(2) && options.trust == .mtime)
        #expect(try BatchCommand.words("jobs.yaml --jobs auto").makeJob().options.jobs == nil)
    }

    @Test("The flags of batch say where outputs may be, and whether anything is run")
    func places() throws {
        let job = try BatchCommand.words("- --dry-run --output-directory out --allow-absolute-paths --overwrite")
            .makeJob()
        #expect(job.manifest == "-" && job.isDryRun && job.outputFolder == "out")
        #expect(job.allowsAbsolutePaths && job.overwrite)
    }

    @Test("The flags of batch replace the shares of the process's budget that they name, and no others")
    func budget() throws {
        let own = RequestedBudget(threads: nil, memory: nil).resolved([:])
        let given = try BatchCommand.words("jobs.yaml --threads 5").makeJob().budget
        #expect(given == RequestedBudget(threads: 5, memory: nil))
        #expect(given.resolved([:]).threads == .init(5, "--threads") && given.resolved([:]).memory == own.memory)
        let memory = try BatchCommand.words("jobs.yaml --max-memory 2G").makeJob().budget.resolved([:])
        #expect(memory.memory == .init(2 << 30, "--max-memory") && memory.threads == own.threads)
    }

    @Test(
        "The flags of batch are refused out of their ranges, and where two of them would write to one place",
        arguments: [
            "--jobs 0", "--threads 0", "--retries 1001", "--timeout 0", "--kill-after x", "--trust blindly",
            "--report -", "--report a --junit a", "--progress-fd 1 --json",
        ]
    )
    func refused(flags: String) throws {
        let message = try #require(refusal("jobs.yaml \(flags)") { (command: BatchCommand) in _ = command.makeJob() })
        #expect(!message.hasPrefix("exit status"))
    }
}
