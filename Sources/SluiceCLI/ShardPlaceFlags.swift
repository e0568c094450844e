internal import ArgumentParser
internal import Sluice

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Where a plan's shards are.
struct ShardPlaceFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The folder of the shards. (default: the plan's name, with .shards for .json)",
            valueName: "dir"
        )
    )
    var shards: String?

    func folder(of plan: String) -> FilePath {
        if let shards { return FilePath(shards) }
        let name = plan.hasSuffix(".json") ? String(plan.dropLast(5)) : plan
        return FilePath(name + ".shards")
    }

    /// Reads a plan, and makes the job of it that it was made of.
    func read(_ name: String, _ interrupt: Interrupt) throws(Failure) -> (ShardPlan, PlannedEncode) {
        let plan = try Failure.asFailure { () throws(JobError) in try ShardPlan(opening: FilePath(name)) }
        do throws(Failure) {
            return (plan, try PlannedEncode(plan.arguments))
        } catch {
            throw Failure(code: 78, name: "invalidPlan", message: "\(name): its arguments: \(error.message)")
        }
    }
}

/// The process's environment.
enum Environment {
    static subscript(name: String) -> String? { ProcessInfo.processInfo.environment[name] }
}

/// JSON as Sluice writes it: one line, keys in order, slashes as they are.
enum CommandJSON {
    static func line(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array((try? encoder.encode(value)) ?? Data()) + [UInt8(ascii: "\n")]
    }
}
