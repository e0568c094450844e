import TestSupport
import Testing

@testable import Jobs

@Suite("A key of JSON")
struct JSONKeysTests {
    @Test(
        "A key of JSON is found where its object has it a second time",
        arguments: [
            (#"{"a":1,"a":2}"#, "a", 1), ("{\"a\":1,\n\"b\":{\"c\":[{\"d\":1},\n{\"d\":1,\"d\":2}]}}", "d", 3),
            (#"{"a":{"b":1},"b":2,"a":3}"#, "a", 1), (#"{"\u0061":1,"a":2}"#, "a", 1),
            (#"{"a\"b":"x","a\"b":"y"}"#, "a\"b", 1), (#"{"":1,"":2}"#, "", 1), ("{\"a\" \n : 1,\n\"a\"\n:2}", "a", 3),
            (#"[[],{"a":[],"b":{},"a":"}"}]"#, "a", 1),
        ]
    )
    func repeated(text: String, key: String, line: Int) {
        let found = JSONKeys.repeated(in: Array(text.utf8))
        #expect(found?.key == key && found?.line == line)
    }

    @Test(
        "A key of JSON is not found where other objects have it, or values are equal",
        arguments: [
            #"{"a":{"a":{"a":1}},"b":{"a":1}}"#, #"[{"a":1},{"a":1}]"#, #"{"a":"a","b":"a","c":["a","a"]}"#, "[]", "1",
            "",
            #"{"a":"\"a\":","b":"{\"a\":1,\"a\":2}"}"#, #"{"\\":1,"\"":2}"#, "{\"e\u{301}\":1,\"\u{e9}\":2}",
        ]
    )
    func single(text: String) { #expect(JSONKeys.repeated(in: Array(text.utf8)) == nil) }

    @Test("A key of JSON is looked for in any bytes without a trap")
    func anything() {
        var generator = SeededGenerator(for: "keys of JSON")
        let pieces = ["{", "}", "[", "]", "\"", ":", ",", "\\", "a", "\n", "\\u0061", "\u{0}"].map { Array($0.utf8) }
        for _ in 0..<5000 {
            let text = (0..<Int.random(in: 0...20, using: &generator)).flatMap { _ in
                pieces.randomElement(using: &generator) ?? []
            }
            _ = JSONKeys.repeated(in: text)
        }
    }
}
