internal import Places
internal import SystemPackage

extension AudioOptions.Input {
    /// Reads `FILE[#N][,language=CODE][,title=TEXT][,default]`: from the end, so that a file's name may have commas.
    package init?(_ text: String) {
        var parts = text.split(separator: ",", omittingEmptySubsequences: false)[...]
        var words: [Substring] = []
        var pending: [Substring] = []
        while parts.count > 1, let last = parts.last {
            pending.insert(last, at: 0)
            parts.removeLast()
            guard last == "default" || last.hasPrefix("language=") || last.hasPrefix("title=") else { continue }
            // A title may have commas; what follows other words is a part of the name.
            guard pending.count == 1 || last.hasPrefix("title=") else { return nil }
            words.append(pending.joined(separator: ",")[...])
            pending = []
        }
        var name = (Array(parts) + pending).joined(separator: ",")
        var track: Int?
        if let mark = name.lastIndex(of: "#"), let number = Int(name[name.index(after: mark)...]), number > 0 {
            (track, name) = (number, String(name[..<mark]))
        }
        guard !name.isEmpty else { return nil }
        self.init(FilePath(spelled: name))
        self.track = track
        for word in words where !take(word) { return nil }
    }

    private mutating func take(_ word: Substring) -> Bool {
        if word == "default" {
            isDefault = true
            return true
        }
        guard let mark = word.firstIndex(of: "=") else { return false }
        let value = String(word[word.index(after: mark)...])
        if word.hasPrefix("title=") {
            title = value
            return true
        }
        guard (2...35).contains(value.utf8.count), value.utf8.allSatisfy({ $0.isLanguageByte }) else { return false }
        language = value
        return true
    }
}

extension UInt8 {
    /// A byte of a BCP 47 tag.
    fileprivate var isLanguageByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
