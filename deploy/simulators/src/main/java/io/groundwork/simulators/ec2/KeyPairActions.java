package io.groundwork.simulators.ec2;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Public SSH keys: imported, described and deleted. EC2 makes none for us, so no private key is ever here. */
final class KeyPairActions {
    private KeyPairActions() {}

    static void importKey(Call call, Xml answer) {
        var parameters = call.parameters();
        var name = parameters.required("KeyName");
        var publicKey = publicKey(parameters.required("PublicKeyMaterial"));
        var tags = Tags.ofSpecifications(parameters, Set.of("key-pair"));
        if (name.length() > 255) {
            throw Ec2Exception.invalidValue("keyName", name, "Expected at most 255 characters.");
        }
        if (call.region().keyPairNamed(name).isPresent()) {
            throw new Ec2Exception("InvalidKeyPair.Duplicate", "The keypair already exists");
        }
        var pair = new KeyPair(
                Ids.next("key"),
                name,
                publicKey.startsWith("ssh-") ? publicKey.substring(4, publicKey.indexOf(' ')) : "ecdsa",
                fingerprint(publicKey),
                publicKey,
                call.now(),
                tags.getOrDefault("key-pair", Map.of()));
        call.region().save(pair);
        answer.text("keyName", pair.name())
                .text("keyFingerprint", pair.fingerprint())
                .text("keyPairId", pair.id())
                .tags(pair.tags());
    }

    static void describe(Call call, Xml answer) {
        var parameters = call.parameters();
        var names = parameters.list("KeyName");
        var ids = parameters.list("KeyPairId");
        var pairs = new ArrayList<KeyPair>();
        names.forEach(name -> pairs.add(call.region().keyPairNamed(name).orElseThrow(() -> notFound(name))));
        ids.forEach(id -> pairs.add(call.region().keyPair(id).orElseThrow(() -> notFound(id))));
        if (names.isEmpty() && ids.isEmpty()) {
            pairs.addAll(call.region().keyPairs());
        }
        pairs.sort(Comparator.comparing(KeyPair::id));
        var withKey = parameters.flag("IncludePublicKey");
        answer.items(
                "keySet",
                Filters.of(parameters).selectTagged(pairs, filters()),
                (xml, pair) -> xml.text("keyPairId", pair.id())
                        .text("keyName", pair.name())
                        .text("keyType", pair.type())
                        .text("keyFingerprint", pair.fingerprint())
                        .text("publicKey", withKey ? pair.publicKey() : null)
                        .text("createTime", pair.createTime())
                        .tags(pair.tags()));
    }

    /** Succeeds also where there is nothing to delete, as EC2 does. */
    static void delete(Call call, Xml answer) {
        var parameters = call.parameters();
        var id = parameters.string("KeyPairId");
        var name = parameters.string("KeyName");
        if (id.isEmpty() && name.isEmpty()) {
            throw Ec2Exception.missing("KeyName");
        }
        var pair =
                id.isPresent() ? call.region().keyPair(id.get()) : call.region().keyPairNamed(name.orElseThrow());
        pair.ifPresent(found -> call.region().commit(List.of(), List.of(found)));
        answer.text("return", true).text("keyPairId", pair.map(KeyPair::id).orElse(null));
    }

    private static Map<String, Function<KeyPair, Collection<String>>> filters() {
        return Map.of(
                "key-name", pair -> List.of(pair.name()),
                "key-pair-id", pair -> List.of(pair.id()),
                "fingerprint", pair -> List.of(pair.fingerprint()));
    }

    /** The key in OpenSSH's form, which is all that is looked at: whether it is one that a machine takes is not. */
    private static String publicKey(String material) {
        try {
            var key = new String(Base64.getMimeDecoder().decode(material), StandardCharsets.UTF_8).trim();
            if (key.matches("(ssh-(rsa|ed25519)|ecdsa-sha2-nistp\\d+) [^\\s].*")
                    && key.codePoints().allMatch(Xml::isAllowed)) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            // Refused below.
        }
        throw new Ec2Exception("InvalidKey.Format", "Key is not in valid OpenSSH public key format");
    }

    private static String fingerprint(String publicKey) {
        return Base64.getEncoder()
                .encodeToString(Signature.sha256(Signature.utf8(publicKey.split(" ", 3)[1])));
    }

    static Ec2Exception notFound(String name) {
        return new Ec2Exception("InvalidKeyPair.NotFound", "The key pair '" + name + "' does not exist");
    }
}
