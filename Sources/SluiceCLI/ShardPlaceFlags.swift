internal import ArgumentParser
internal import Places
internal import Sluice

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
        if let shards { return FilePath(spelled: shards) }
        let name = plan.hasSuffix(".json") ? String(plan.dropLast(5)) : plan
        return FilePath(spelled: name + ".shards")
    }

    /// Reads a plan, and makes the job of it that it was made of.
    func read(_ name: String, _ interrupt: Interrupt) throws(Failure) -> (ShardPlan, PlannedEncode) {
        let plan = try Failure.asFailure { () throws(JobError) in try ShardPlan(opening: FilePath(spelled: name)) }
        do throws(Failure) {
            return (plan, try PlannedEncode(plan.arguments))
        } catch {
            throw Failure(code: 78, name: "invalidPlan", message: "\(name): its arguments: \(error.message)")
        }
    }
}
