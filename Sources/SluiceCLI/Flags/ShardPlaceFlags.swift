internal import ArgumentParser
internal import Places
internal import Sluice

/// Where a plan's shards are.
struct ShardPlaceFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Folder of the shards. (default: the plan's name with .shards instead of .json)",
            valueName: "dir"
        )
    )
    var shards: String?

    func folder(of plan: String) -> FilePath {
        if let shards { return FilePath(spelled: shards) }
        let name = plan.hasSuffix(".json") ? String(plan.dropLast(5)) : plan
        return FilePath(spelled: name + ".shards")
    }
}
