import Logging
import Sluice
import Testing

@testable import SluiceCLI

@Suite("The results of a session")
struct SessionReportsTests {
    private func encode(_ line: String) throws -> SessionReports { try EncodeCommand.words(line).reports }

    @Test("The results of a session are those that the flags request")
    func flags() throws {
        let reports = try encode("-o a.mp4 --json --quiet --progress json")
        #expect(reports.isJSON && reports.isQuiet && reports.level == .error && reports.progress?.progress == .json)
        #expect(try encode("-o a.mp4 --log-level debug").level == .debug)
        #expect(try encode("-o a.mp4").level == .warning)
        #expect(try DecodeCommand.words("a -o b.y4m --quiet").reports.level == .error)
    }

    @Test("The results of a session are on standard output unless an output is written there")
    func standardOutput() throws {
        #expect(try encode("-o a.mp4").standardOutputIsFree)
        for line in ["-o - --format ivf", "-o a.mp4 --receipt -", "-o a.mp4 --chunks /dev/stdout"] {
            #expect(try !encode(line).standardOutputIsFree, "\(line)")
        }
        #expect(try !PlanCommand.words("-o - in.y4m --format mp4").reports.standardOutputIsFree)
    }

    @Test("A session refuses to write a stream to a terminal, but writes text")
    func binary() throws {
        #expect(try encode("-o - --format ivf").writesBinary)
        #expect(try !encode("-o a.mp4 --receipt -").writesBinary)
        #expect(try DecodeCommand.words("a -o -").reports.writesBinary)
        #expect(try !DecodeCommand.words("a -o - --format framehash").reports.writesBinary)
        #expect(try !PlanCommand.words("-o - in.y4m --format mp4").reports.writesBinary)
        #expect(try LayersCommand.words("a --max-temporal-layer 0 -o -").reports.writesBinary)
    }
}
