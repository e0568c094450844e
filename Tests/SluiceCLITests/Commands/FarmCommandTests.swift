import Sluice
import Testing

@testable import SluiceCLI

@Suite("The flags of plan, shard and join")
struct FarmCommandTests {
    private let encode = "in.yuv -s 64x48 -r 25 -p i420 --codec av1 --crf 30 --format mp4"

    private func planRefusal(_ flags: String) -> String? {
        refusal("-o plan.json \(flags)") { (command: PlanCommand) in _ = try command.makeJob() }
    }

    @Test("The flags of plan make the job of encode, in segments")
    func plan() throws {
        let job = try PlanCommand.words("-o plan.json --segment-frames 60 \(encode)").makeJob().job
        #expect(job.parallel?.segmentFrames == 60 && job.input.origin == .path("in.yuv"))
        #expect(job.config.codec == .lowest(.av1) && job.config.constantQuality == 30 && job.output.format == .mp4)
        #expect(try PlanCommand.words("-o plan.json \(encode)").makeJob().job.parallel == ParallelOptions())
    }

    @Test(
        "The flags of plan are refused if they belong to the join, or to one machine",
        arguments: [
            "--chunks c", "--receipt r", "--verify", "--min-psnr 40", "--no-sandbox", "--copy-audio", "--parallel 2",
            "--digest",
        ]
    )
    func misplaced(flags: String) throws {
        let flag = try #require(flags.split(separator: " ").first)
        #expect(try #require(planRefusal("\(encode) \(flags)")).contains(flag))
    }

    @Test("The flags of plan must specify the format of the join")
    func format() throws {
        #expect(try #require(planRefusal("in.y4m --codec av1")).contains("--format"))
        #expect(try #require(planRefusal("--segment-frames 0 \(encode)")).contains("--segment-frames"))
    }

    @Test("The flags of shard specify the segment, and the places on this machine")
    func shard() throws {
        let line = "p.json --index 3 --shards s --input /mnt/in.yuv --max-memory 1G"
        let task = try ShardCommand.words(line).makeJob()
        #expect(task.index == 3 && task.plan == "p.json" && task.shards == "s" && task.input == "/mnt/in.yuv")
        #expect(task.maxBytes == 1 << 30)
        let plain = try ShardCommand.words("p.json --index auto").makeJob()
        #expect(plain.index == nil && plain.shards == "p.shards" && plain.input == nil && plain.maxBytes == nil)
    }

    @Test(
        "The flags of shard refuse an index that is not a whole number",
        arguments: ["x", "1.5"]
    )
    func index(text: String) {
        #expect(throws: Failure.self) { try ShardCommand.parse(["p.json", "--index=\(text)"]).makeJob() }
        #expect(throws: Failure.self) { try ShardCommand.parse(["p.json", "--index=-1"]).makeJob() }
    }

    @Test("The flags of join name the plan's files, and its own outputs")
    func join() throws {
        let command = try JoinCommand.words("p.json -o out.mp4 --input x.yuv --receipt r.json --verify")
        #expect(command.makeJob() == .init(plan: "p.json", shards: "p.shards", input: "x.yuv"))
        #expect(command.output.verification == VerificationOptions() && command.output.receipt == "r.json")
        #expect(try JoinCommand.words("plan -o a --shards elsewhere").makeJob().shards == "elsewhere")
    }
}
