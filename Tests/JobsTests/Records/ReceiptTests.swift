import Testing

@testable import Jobs

@Suite("A receipt")
struct ReceiptTests {
    private static let files = [
        "receipt.json", "receipt-everything.json", "receipt-batch.json", "receipt-partial.json",
    ]

    private func read(_ text: String) -> Result<Receipt, JSON.ReadFailure> {
        JSON.read(Receipt.self, from: Array(text.utf8))
    }

    @Test("A receipt that was written before is read and written again byte for byte", arguments: files)
    func roundTrip(name: String) throws {
        let bytes = try GoldenFiles.bytes(name)
        #expect(try JSON.decode(Receipt.self, from: bytes).line == bytes)
    }

    @Test("A receipt of everything has what was written into it")
    func values() throws {
        let receipt = try JSON.decode(Receipt.self, from: GoldenFiles.bytes("receipt-everything.json"))
        #expect(receipt.status == "complete" && receipt.output.name == "/tmp/golden/d/o\"é.mp4")
        #expect(receipt.output.audio?.map(\.language) == ["eng"] && receipt.verification?.reference == .means)
        #expect(receipt.config.contentLightLevel == "1000,400" && receipt.config.isSegment)
        #expect(receipt.job?.outputs?.map(\.name) == ["o\"é.mp4", "c.jsonl"] && receipt.sandbox?.held == true)
    }

    @Test(
        "A receipt with a number that nothing can have is refused",
        arguments: [
            ("\"chunks\":6", "\"chunks\":9223372036854775807"), ("\"chunks\":6", "\"chunks\":-1"),
            ("\"chunks\":6", "\"chunks\":1e300"), ("\"chunks\":6", "\"chunks\":18446744073709551616"),
            ("\"frames\":6", "\"frames\":281474976710657"), ("\"width\":64", "\"width\":9223372036854775807"),
            ("\"height\":48", "\"height\":-9223372036854775808"), ("\"wallSeconds\":", "\"wallSeconds\":-1"),
            ("\"wallSeconds\":", "\"wallSeconds\":1e300"), ("\"cpuSeconds\":", "\"cpuSeconds\":1e99999"),
            ("\"peakMemoryBytes\":", "\"peakMemoryBytes\":-5"), ("\"version\":1", "\"version\":1.5"),
            ("\"lowestFrame\":", "\"lowestFrame\":1e99"), ("\"bitDepth\":8", "\"bitDepth\":8,\"bitrate\":-1"),
        ]
    )
    func hugeNumbers(key: String, value: String) throws {
        let text = try GoldenFiles.text("receipt-batch.json")
        let expression = try Regex("\(key)[0-9.]*")
        let changed = text.replacing(expression, with: value)
        try #require(changed != text)
        guard case .failure = read(changed) else {
            Issue.record("\(value) was taken")
            return
        }
    }

    @Test("A receipt that lacks a key that every receipt has is refused, and one that lacks an optional one is read")
    func missingKeys() throws {
        let text = try GoldenFiles.text("receipt-batch.json")
        for key in [
            "status", "config", "notices", "wallSeconds", "waiting", "codec", "encoder", "chunks", "keyChunks",
            "planes",
        ] {
            guard case .failure(let failure) = read(text.replacing("\"\(key)\":", with: "\"other\":")) else {
                Issue.record("\(key) is not missed")
                continue
            }
            #expect(failure.reason.contains("\"\(key)\" is missing"))
        }
        for key in ["job", "sandbox", "verification", "framerate", "threads"] {
            guard case .success = read(text.replacing("\"\(key)\":", with: "\"other\":")) else {
                Issue.record("\(key) is missed")
                continue
            }
        }
    }

    @Test("A receipt with a value of another kind, a key that is repeated, or no JSON at all is refused")
    func otherKinds() throws {
        let text = try GoldenFiles.text("receipt-batch.json")
        for (value, other) in [
            ("\"status\":\"complete\"", "\"status\":1"), ("\"notices\":[]", "\"notices\":{}"),
            ("\"reference\":\"source\"", "\"reference\":\"hearsay\""), ("\"isSegment\":false", "\"isSegment\":0"),
            ("\"frames\":6", "\"frames\":\"6\""), ("\"frames\":6", "\"frames\":null"),
            ("\"frames\":6", "\"frames\":NaN"),
            ("\"notices\":[]", "\"notices\":\(String(repeating: "[", count: 100_000))"),
        ] {
            try #require(text.contains(value))
            guard case .failure = read(text.replacing(value, with: other)) else {
                Issue.record("\(other) was taken")
                continue
            }
        }
        for other in ["", "[]", "null", "{}", String(text.dropLast(9))] {
            guard case .failure = read(other) else {
                Issue.record("\(other) was taken")
                continue
            }
        }
        for value in ["{}", "7"] {
            let repeated = text.replacing("\"config\":", with: "\"config\":\(value),\n\"config\":")
            guard case .failure(let failure) = read(repeated) else {
                Issue.record("the key was taken twice")
                continue
            }
            #expect(failure.description == "line 2: the key \"config\" is repeated")
        }
    }
}
