import Testing

@testable import Jobs

@Suite("A failure as JSON")
struct FailureTests {
    private func read(_ text: String) -> Failure? {
        try? JSON.decode(Failure.Object.self, from: Array(text.utf8)).error
    }

    @Test("A failure as JSON that was written before is read and written again byte for byte")
    func golden() throws {
        let text = try GoldenFiles.text("failure.json")
        let failure = try #require(read(text))
        #expect(failure.line == Array(text.utf8) && failure.status == .badInput && failure.frame == 5)
    }

    @Test("A failure as JSON keeps which shards are at fault")
    func shards() {
        var shards = UnusableShards(of: 9, in: "p.shards")
        (shards.missing, shards.ofAnotherPlan, shards.damaged) = ([1], [2, 3], [4])
        let failure = Failure(.badInput, name: "unusableShards", message: "a/b \"c\"", shards: shards)
        let text = String(decoding: failure.line, as: UTF8.self)
        #expect(
            text == """
                {"error":{"code":65,"message":"a/b \\"c\\"","name":"unusableShards","retryable":false,"shards":{"damaged":[4],\
                "folder":"p.shards","missing":[1],"ofAnotherPlan":[2,3],"total":9}}}\n
                """
        )
        #expect(read(text) == failure)
    }

    @Test(
        "A failure as JSON with missing keys, other kinds, unknown statuses or repeated keys is refused",
        arguments: [
            ("\"code\":65", "\"other\":65"), ("\"code\":65", "\"code\":3"), ("\"code\":65", "\"code\":1e300"),
            ("\"code\":65", "\"code\":\"65\""), ("\"code\":65", "\"code\":65,\"code\":66"), ("\"error\"", "\"terror\""),
            ("\"retryable\":false", "\"retryable\":null"), ("\"frame\":5", "\"frame\":9223372036854775808"),
        ]
    )
    func hostile(value: String, other: String) throws {
        let text = try GoldenFiles.text("failure.json")
        try #require(text.contains(value))
        #expect(read(text.replacing(value, with: other)) == nil)
    }
}
