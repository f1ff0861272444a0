package io.groundwork.request.api;

/** Bodies as the OpenAPI document shows them. */
final class Examples {

    static final String DEPLOY = """
            {
              "operation": "deploy",
              "resource": "acme/payments/web-prod",
              "approvers": ["lead@acme.example"],
              "approvalTimeout": "PT2M",
              "components": [
                {"name": "web", "type": "cloud.vm", "count": 3, "flavor": "m.small", "image": "debian-12",
                 "bootVolumeGiB": 20, "networks": ["default"]}
              ],
              "access": [{"group": "payments-devs", "role": "operator"}],
              "labels": {"team": "payments"}
            }""";

    static final String DEPLOY_SERVERS = """
            {
              "operation": "deploy",
              "resource": "acme/payments/web-prod",
              "approvers": ["lead@acme.example"],
              "onNoCapacity": "wait", "capacityTimeout": "PT1H",
              "components": [
                {"name": "web", "type": "cloud.vm", "count": 2, "flavor": "m.small", "image": "debian-12", "networks": ["default"]},
                {"name": "db", "type": "metal.server", "count": 1, "dependsOn": ["web"], "site": "ams1", "serverType": "m1.large",
                 "preferredServers": ["srv-5"], "osTemplate": "debian-12", "networks": ["default"],
                 "userData": "#cloud-config\\nwrite_files: [{path: /etc/web, content: '${web.instances[0].privateIp}'}]\\n",
                 "shutdown": {"timeout": "PT5M", "force": false}}
              ]
            }""";

    static final String DECOMMISSION = """
            {"operation": "decommission", "resource": "acme/payments/web-prod", "approvers": ["lead@acme.example"]}""";

    static final String REPLACE = """
            {"operation": "replace", "resource": "acme/payments/web-prod", "approvers": ["lead@acme.example"],
             "replace": {"component": "db", "index": 0, "reason": "its fans are failing", "preferredServers": ["srv-7"]}}""";

    static final String ACCEPTED = """
            {
              "id": "0b7f6a3e-7f0b-8c55-9c0e-2f4f6f0c1a11",
              "resource": "acme/payments/web-prod",
              "state": "SUBMITTED",
              "designDigest": "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
              "digest": null,
              "links": {"self": "/v1/requests/0b7f6a3e-7f0b-8c55-9c0e-2f4f6f0c1a11"}
            }""";

    static final String PLANNED = """
            {
              "resource": "acme/payments/web-prod", "operation": "deploy",
              "plan": {"steps": [{"id": "approve", "kind": "approve", "owner": "approval", "needs": []}]},
              "digest": "sha256:1f4c9d0a", "designDigest": "sha256:5f70bf18", "monthlyPrice": "43.50", "currency": "EUR",
              "checks": [
                {"name": "standing", "ok": true, "detail": "Nothing stands as acme/payments/web-prod.", "durationMs": 2.104},
                {"name": "quota", "ok": true, "detail": "The project's quota is large enough.", "durationMs": 0.081},
                {"name": "credentials", "ok": false, "durationMs": 0.047,
                 "detail": "These cannot: standard in eu-central-1 (The cloud does not permit this to the chosen profile. at 2026-03-01T08:00:00Z)."}
              ]
            }""";

    static final String INVALID = """
            {
              "type": "about:blank", "title": "The request is not valid", "status": 400,
              "detail": "2 fields are wrong; see errors.",
              "errors": [
                {"pointer": "/components/0/flavor", "detail": "The catalogue has no flavor m.huge; there is m.large, m.small."},
                {"pointer": "/approvers", "detail": "approvers is missing; name who may decide, such as [\\"lead@acme.example\\"]."}
              ]
            }""";

    static final String CANCEL = """
            {"reason": "not needed any more"}""";

    static final String INTERVENTION = """
            {"step": "provision:web", "action": "retry", "reason": "the account's limit was raised"}""";

    private Examples() {}
}
