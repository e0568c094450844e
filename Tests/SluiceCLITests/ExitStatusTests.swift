import ArgumentParser
import Foundation
import Sluice
import Testing

@testable import SluiceCLI

@Suite("The exit statuses")
struct ExitStatusTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func text(of name: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: name), encoding: .utf8)
    }

    /// The statuses that would be the same again, as farms have to know them.
    private let lasting = ExitStatus.allCases.filter { $0 != .done && !$0.isRetryable }.map { Int($0.code) }

    @Test("The exit statuses are the numbers that scripts and farms know")
    func numbers() {
        let codes = ExitStatus.allCases.map(\.code)
        #expect(codes == [0, 64, 65, 66, 69, 70, 73, 74, 75, 76, 78, 127, 129, 130, 143])
        #expect(ExitStatus.allCases.filter(\.isRetryable).map(\.code) == [75, 129, 130, 143])
        // Render farms take these for a machine that ran out of memory.
        #expect(!codes.contains(33) && !codes.contains(137))
    }

    @Test("The exit statuses are all in sluice --help, each with its meaning and a star if another try may succeed")
    func help() {
        let text = SluiceCommand.helpMessage(columns: 80)
        let words = text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        for status in ExitStatus.allCases {
            let paragraph = "\(status.code)\(status.isRetryable ? "*" : "") \(status.meaning)"
            #expect(words.contains(paragraph), "\(paragraph)")
        }
        let broken = text.split(separator: "\n").filter { $0.count > 79 }
        #expect(broken == [])
    }

    @Test("The exit statuses are the rows of the README's table, with the same meanings (fault O15: 127 is one)")
    func readme() throws {
        let rows = try text(of: "README.md").split(separator: "\n").compactMap { row -> [String]? in
            let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            return row.wholeMatch(of: /\| \d[\d, ]* \|.*/) == nil ? nil : cells
        }
        var listed: [ExitStatus] = []
        for cells in rows {
            let statuses = try cells[0].split(separator: ", ").map { code in
                try #require(ExitStatus(rawValue: Int32(code) ?? -1), "\(code)")
            }
            listed += statuses
            if statuses.count == 1 { #expect(cells[1] == statuses[0].meaning) }
            let retry = statuses[0] == .done ? "" : statuses[0].isRetryable ? "yes" : "no"
            #expect(cells.count == 3 ? cells[2] == retry : retry.isEmpty, "\(cells)")
            #expect(Set(statuses.map(\.isRetryable)).count == 1)
        }
        #expect(Set(listed) == Set(ExitStatus.allCases) && listed.count == ExitStatus.allCases.count)
    }

    @Test(
        "The exit statuses of permanent failures are those at which the Kubernetes jobs give up",
        arguments: ["Examples/kubernetes/shards.yaml", "Examples/kubernetes/join.yaml"]
    )
    func kubernetes(name: String) throws {
        let list = try #require(try text(of: name).firstMatch(of: /values: \[([\d, ]+)\]/))
        #expect(list.1.split(separator: ", ").compactMap { Int($0) } == lasting)
    }

    @Test(
        "The exit statuses that the other templates name are temporary, or ended by a signal",
        arguments: ["Examples/slurm/shards.sbatch", "Examples/gnu-parallel/farm.sh"]
    )
    func templates(name: String) throws {
        let compared = try text(of: name).matches(of: /(?:=|!=) (\d\d)\b/).compactMap { Int32($0.1) }
        #expect(!compared.isEmpty)
        #expect(compared.allSatisfy { ExitStatus(rawValue: $0) == .temporary })
    }

    @Test(
        "The exit statuses in a command's help exist",
        arguments: SluiceCommand.configuration.subcommands.map { $0.helpMessage(columns: 1000) }
    )
    func commandHelp(text: String) {
        for match in text.matches(of: /(?:status(?:es)?(?: is)?|fail) \(?(\d+)/) {
            #expect(ExitStatus(rawValue: Int32(match.1) ?? -1) != nil, "\(match.0)")
        }
    }

    @Test("The exit statuses of failures are in their JSON, with everything else that programs read")
    func json() throws {
        let failure = Failure(.badInput, name: "partialFrame", message: "frame 3 is cut off", frame: 3)
        let object =
            #"{"error":{"code":65,"frame":3,"message":"frame 3 is cut off","name":"partialFrame","retryable":false}}"#
        #expect(String(decoding: failure.line, as: UTF8.self) == object + "\n")
        #expect(try JSON.decode(Failure.Object.self, from: failure.line).error == failure)
        #expect(Failure(.temporary, name: "locked", message: "").isRetryable)
    }

    @Test(
        "The exit statuses of errors follow from their kind",
        arguments: [
            (JobError.usage("x"), ExitStatus.usage, "usage"),
            (.input(.isFolder(name: "x")), .missingInput, "inputIsFolder"),
            (.config(.unsupported("x")), .unavailable, "unsupportedConfig"),
            (.frameOptions("x"), .usage, "invalidFrameOptions"),
            (.unusedFrameOptions(frame: 4, frames: 2), .badInput, "unusedFrameOptions"),
            (.verification(.damaged("x")), .gateFailed, "verificationFailed"),
            (.differentFrameCounts(first: 2, second: 5), .badInput, "differentFrameCounts"),
            (.plan("x"), .badManifest, "invalidPlan"),
            (.damagedShard(name: "x", reason: "y"), .badInput, "damagedShard"),
            (.shardInWork(name: "x"), .temporary, "shardInWork"),
            (.interrupted, .temporary, "interrupted"),
            (.defect("x"), .defect, "defect"),
        ]
    )
    func mapping(error: JobError, status: ExitStatus, name: String) {
        let failure = Failure(error)
        #expect(failure.status == status && failure.name == name)
        #expect(failure.message == "\(error)")
    }

    @Test("The exit statuses of unusable shards are that of the most severe reason")
    func shards() {
        var shards = UnusableShards(of: 9, in: "x")
        shards.missing = [1]
        #expect(Failure(.unusableShards(shards)).status == .missingInput)
        shards.addDamage(2, "x")
        #expect(Failure(.unusableShards(shards)).status == .badInput)
        shards.ofAnotherPlan = [3]
        #expect(Failure(.unusableShards(shards)).status == .badManifest)
        #expect(Failure(.unusableShards(shards)).shards == shards)
    }
}
