"""The objects and fields of the stand-in for Salesforce, as an organisation with Japanese labels has them."""

from __future__ import annotations

from typing import Any

Field = dict[str, Any]
Table = dict[str, Field]

PREFIXES = {
    "Lead": "00Q",
    "Contact": "003",
    "Account": "001",
    "Task": "00T",
    "Event": "00U",
    "Opportunity": "006",
    "OpportunityContactRole": "00K",
    "User": "005",
    "UserRole": "00E",
    "TaskStatus": "01T",
    "LeadStatus": "01J",
    "OpportunityStage": "01S",
    "Campaign": "701",
    "CampaignMember": "00v",
}
PARENTS = {
    ("Lead", "ConvertedContact"): ("ConvertedContactId", "Contact"),
    ("Contact", "Account"): ("AccountId", "Account"),
    ("User", "UserRole"): ("UserRoleId", "UserRole"),
    ("CampaignMember", "Campaign"): ("CampaignId", "Campaign"),
}
KEY = "Isdesk_Key__c"


def field(kind: str = "string", label: str = "", **more: Any) -> Field:
    return {
        "type": kind,
        "label": label,
        "length": {"string": 255, "textarea": 32_000, "phone": 40, "email": 80, "url": 255, "picklist": 255}.get(
            kind, 0
        ),
        "createable": True,
        "updateable": True,
        "filterable": True,
        "nillable": True,
        "defaultedOnCreate": kind == "boolean",
        "unique": False,
        "externalId": False,
        "values": (),
        "restricted": False,
        **more,
    }


def fixed(kind: str = "string", label: str = "", **more: Any) -> Field:
    return field(kind, label, createable=False, updateable=False, **more)


def pick(label: str, *values: str, restricted: bool = True, **more: Any) -> Field:
    return field("picklist", label, values=values, restricted=restricted, **more)


def required(label: str, **more: Any) -> Field:
    return field("string", label, nillable=False, **more)


def key() -> Field:
    return field("string", "isdesk キー", length=80, unique=True, externalId=True)


def head() -> Table:
    return {
        "Id": fixed("id", "ID", nillable=False),
        "IsDeleted": fixed("boolean", "削除"),
        "CreatedDate": fixed("datetime", "作成日"),
        "CreatedById": fixed("reference", "作成者"),
        "LastModifiedDate": fixed("datetime", "最終更新日"),
        "SystemModstamp": fixed("datetime", "システム最終更新日時"),
    }


def person() -> Table:
    return {
        "LastName": required("姓", length=80),
        "FirstName": field("string", "名", length=40),
        "Title": field("string", "役職", length=128),
        "Email": field("email", "メール"),
        "Phone": field("phone", "電話"),
        "MobilePhone": field("phone", "携帯電話"),
        "LeadSource": pick("リードソース", "Web", "Seminar", restricted=False),
        "Description": field("textarea", "説明", filterable=False),
        "DoNotCall": field("boolean", "電話不可"),
        "HasOptedOutOfEmail": field("boolean", "メール送信除外"),
        "OwnerId": field("reference", "所有者", defaultedOnCreate=True, nillable=False),
        "MasterRecordId": fixed("reference", "マスタレコード ID"),
    }


STATUSES = ("Open - Not Contacted", "Working - Contacted", "Nurturing", "Closed - Converted", "Closed - Not Converted")
TASKS = ("Not Started", "In Progress", "Completed")
STAGES = ("Prospecting", "Proposal", "Closed Won", "Closed Lost")


def activity() -> Table:
    return {
        "Subject": field("string", "件名"),
        "WhoId": field("reference", "名前"),
        "WhatId": field("reference", "関連先"),
        "OwnerId": field("reference", "任命先", defaultedOnCreate=True, nillable=False),
        "Description": field("textarea", "コメント", filterable=False),
        "ActivityDate": field("date", "期日"),
        "IsReminderSet": field("boolean", "アラーム"),
        "ReminderDateTime": field("datetime", "アラーム日時"),
        "IsArchived": fixed("boolean", "アーカイブ済み"),
    }


def tables(*, keyed: bool) -> dict[str, Table]:
    """Return the schema; ``keyed``: with the key field on activities, leads and opportunities."""
    own = {KEY: key()} if keyed else {}
    return {
        "Lead": {
            **head(),
            **person(),
            **({KEY: key()} if keyed else {}),
            "Company": required("会社名"),
            "Industry": pick("業種", "Technology", "Manufacturing", restricted=False),
            "NumberOfEmployees": field("int", "従業員数"),
            "State": field("string", "都道府県", length=80),
            "Street": field("textarea", "町名・番地", length=255),
            "Website": field("url", "Web サイト"),
            "Rating": pick("評価", "Hot", "Warm", "Cold"),
            "Status": pick("リード状況", *STATUSES, defaultedOnCreate=True, nillable=False),
            "IsConverted": fixed("boolean", "取引の開始済み"),
            "ConvertedContactId": fixed("reference", "取引の開始された取引先責任者"),
            "ConvertedAccountId": fixed("reference", "取引の開始された取引先"),
            "ConvertedOpportunityId": fixed("reference", "取引の開始された商談"),
        },
        "Contact": {
            **head(),
            **person(),
            "AccountId": field("reference", "取引先"),
            "Department": field("string", "部署"),
        },
        "Account": {
            **head(),
            "Name": required("取引先名"),
            "Industry": pick("業種", "Technology", "Manufacturing", restricted=False),
            "NumberOfEmployees": field("int", "従業員数"),
            "BillingState": field("string", "都道府県(請求先)", length=80),
            "BillingStreet": field("textarea", "町名・番地(請求先)", length=255),
            "Phone": field("phone", "電話"),
            "Website": field("url", "Web サイト"),
            "OwnerId": field("reference", "所有者", defaultedOnCreate=True, nillable=False),
            "MasterRecordId": fixed("reference", "マスタレコード ID"),
        },
        "Task": {
            **head(),
            **activity(),
            **own,
            "Status": pick("状況", *TASKS, defaultedOnCreate=True, nillable=False),
            "Priority": pick("優先度", "High", "Normal", "Low", defaultedOnCreate=True, nillable=False),
            "TaskSubtype": pick(
                "ToDo サブ種別", "Task", "Call", "Email", "LinkedIn", updateable=False, defaultedOnCreate=True
            ),
            "IsClosed": fixed("boolean", "完了"),
            "CallType": pick("コール種別", "Inbound", "Internal", "Outbound"),
            "CallDisposition": field("string", "コール結果"),
            "CallDurationInSeconds": field("int", "コール時間(秒)"),
            "CallObject": field("string", "コールオブジェクト識別子"),
        },
        "Event": {
            **head(),
            **activity(),
            **({KEY: key()} if keyed else {}),
            "StartDateTime": field("datetime", "開始"),
            "DurationInMinutes": field("int", "間隔(分)"),
        },
        "Opportunity": {
            **head(),
            **({KEY: key()} if keyed else {}),
            "Name": required("商談名", length=120),
            "StageName": pick("フェーズ", *STAGES, nillable=False),
            "CloseDate": field("date", "完了予定日", nillable=False),
            "Amount": field("currency", "金額"),
            "AccountId": field("reference", "取引先"),
            "OwnerId": field("reference", "所有者", defaultedOnCreate=True, nillable=False),
            "IsClosed": fixed("boolean", "クローズ"),
            "IsWon": fixed("boolean", "成立"),
            "Loss_Reason__c": field("string", "失注理由"),
            "Win_Factor__c": field("string", "受注要因"),
        },
        "OpportunityContactRole": {
            **head(),
            "OpportunityId": field("reference", "商談", nillable=False),
            "ContactId": field("reference", "取引先責任者", nillable=False),
            "IsPrimary": field("boolean", "主"),
        },
        "User": {
            **head(),
            "Name": fixed("string", "名前"),
            "Email": field("email", "メール"),
            "IsActive": field("boolean", "有効"),
            "UserType": fixed("picklist", "ユーザ種別"),
            "UserRoleId": field("reference", "ロール"),
        },
        "UserRole": {**head(), "Name": required("ロール名")},
        "Campaign": {
            **head(),
            "Name": required("キャンペーン名"),
            "Type": pick("種別", "Webinar", "Trade Show", "Email", "Other", restricted=False),
        },
        "CampaignMember": {
            **head(),
            "CampaignId": field("reference", "キャンペーン", nillable=False),
            "LeadId": field("reference", "リード"),
            "ContactId": field("reference", "取引先責任者"),
            "Status": pick("状況", "Sent", "Responded", restricted=False),
            "HasResponded": fixed("boolean", "レスポンス"),
            "FirstRespondedDate": fixed("date", "最初のレスポンス日"),
        },
        "TaskStatus": {**head(), "ApiName": fixed(), "IsClosed": fixed("boolean"), "SortOrder": fixed("int")},
        "LeadStatus": {**head(), "ApiName": fixed(), "IsConverted": fixed("boolean"), "SortOrder": fixed("int")},
        "OpportunityStage": {
            **head(),
            "ApiName": fixed(),
            "IsClosed": fixed("boolean"),
            "IsWon": fixed("boolean"),
            "IsActive": fixed("boolean"),
            "SortOrder": fixed("int"),
        },
    }


def describe(name: str, table: Table) -> dict[str, Any]:
    """Return what the vendor's describe says of an object."""
    fields = []
    for code, one in table.items():
        said = {k: v for k, v in one.items() if k not in {"values", "restricted"}}
        values = [{"value": v, "label": v, "active": True, "defaultValue": False} for v in one["values"]]
        fields.append({"name": code, **said, "label": one["label"] or code, "picklistValues": values})
    return {"name": name, "fields": fields, "createable": True}
