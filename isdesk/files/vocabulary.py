"""The Japanese and English headers that lists come with, by the place they name."""

from __future__ import annotations

HEADERS: dict[str, str] = {
    "company.name": """
        会社名 会社 企業名 企業 法人名 社名 貴社名 御社名 取引先 取引先名 取引先企業 顧客名 顧客企業名
        団体名 組織名 勤務先 勤務先名 所属企業 所属会社 会社名団体名 会社団体名 企業団体名 会社名漢字 屋号
        商号 商号または名称 アカウント名 company companyname account accountname organization organisation
        organizationname employer corporation firm clientname customername
    """,
    "company.name_kana": """
        会社名カナ 会社名フリガナ 会社カナ 企業名カナ 企業名フリガナ 社名カナ 社名フリガナ 法人名カナ
        法人名フリガナ 会社名ふりがな 取引先名カナ 取引先フリガナ companykana companynamekana
    """,
    "company.corporate_number": """
        法人番号 国税庁法人番号 法人no corporatenumber corporateno houjinbangou
    """,
    "company.industry": """
        業種 業界 産業 業種名 大業種 業種分類 業態 事業内容 industry sector businesstype
    """,
    "company.employees": """
        従業員数 従業員 社員数 従業員規模 社員規模 人数規模 企業規模 会社規模 規模 従業員数人 従業員数名
        人数 employees numberofemployees employeecount headcount companysize size
    """,
    "company.prefecture": """
        都道府県 都道府県名 所在地都道府県 県 エリア 地域 所在地域 prefecture state stateprovince region
        province
    """,
    "company.address": """
        住所 所在地 会社住所 本社所在地 本社住所 住所1 ご住所 勤務先住所 address street companyaddress
        mailingaddress location
    """,
    "company.phone": """
        代表電話 代表電話番号 代表番号 代表tel 代表 会社電話番号 会社電話 会社tel 本社電話番号 代表電話tel
        switchboard mainphone companyphone mainnumber officephone
    """,
    "company.website": """
        webサイト サイト url ホームページ hp ウェブサイト 会社url 企業url websiteurl website web homepage
        companyurl domain ホームページurl hpurl
    """,
    "company.dnc": """
        会社全体の架電禁止 会社架電禁止 企業架電禁止 会社ng 企業ng companydnc companydonotcall
    """,
    "lead.name": """
        氏名 お名前 名前 担当者名 担当者 担当者氏名 ご担当者 ご担当者名 ご担当者様 ご担当者様名 先方担当者
        先方担当者名 先方担当 ご氏名 お客様名 姓名 フルネーム 漢字氏名 氏名漢字 連絡先名 窓口担当者 name
        fullname contact contactname contactperson person leadname
    """,
    "lead.name_kana": """
        氏名カナ フリガナ ふりがな カナ カナ氏名 氏名フリガナ 氏名ふりがな 担当者名カナ 担当者カナ
        担当者名フリガナ 担当者フリガナ お名前カナ お名前フリガナ お名前ふりがな よみがな ヨミガナ 読み
        ヨミ 読み仮名 氏名読み namekana kana furigana fullnamekana phoneticname
    """,
    "lead.family_name": "姓 苗字 名字 姓漢字 担当者姓 lastname familyname surname お名前姓 氏名姓 氏",
    "lead.given_name": "名 名漢字 担当者名名 firstname givenname お名前名 氏名名 下の名前",
    "lead.family_name_kana": """
        姓カナ 姓フリガナ 姓ふりがな セイ せい フリガナ姓 カナ姓 lastnamekana familynamekana
        lastnamephonetic
    """,
    "lead.given_name_kana": """
        名カナ 名フリガナ 名ふりがな メイ めい フリガナ名 カナ名 firstnamekana givennamekana
        firstnamephonetic
    """,
    "lead.department": """
        部署 部署名 所属 所属部署 所属部署名 部門 部門名 部課名 部 課 department dept division section
    """,
    "lead.title": "役職 役職名 肩書 肩書き 職位 職名 職種役職 title jobtitle position role",
    "lead.email": """
        メール メールアドレス eメール eメールアドレス 電子メール mail mailaddress email emailaddress
        アドレス 担当者メールアドレス 担当者メール 会社メールアドレス メアド emailbusiness workemail
        businessemail
    """,
    "phone": """
        電話番号 電話 tel telno 電話番号1 電話1 tel1 連絡先電話番号 連絡先 お電話番号 ご連絡先
        ご連絡先電話番号 担当者電話番号 phone phonenumber telephone telephonenumber businessphone workphone
        勤務先電話番号 番号
    """,
    "lead.phone_direct": """
        直通 直通電話 直通番号 直通電話番号 直通tel 部署直通 部署電話番号 direct directphone directline
        directdial directnumber
    """,
    "lead.phone_mobile": """
        携帯 携帯電話 携帯番号 携帯電話番号 携帯tel 担当者携帯 モバイル 社用携帯 mobile mobilephone cell
        cellphone mobilenumber
    """,
    "lead.x_url": "x xurl twitter twitterurl ツイッター xアカウント",
    "lead.linkedin": "linkedin linkedinurl リンクトイン linkedinprofile",
    "lead.lead_source": """
        流入経路 流入元 流入チャネル リードソース リード経路 獲得経路 獲得元 獲得チャネル 経路 チャネル
        媒体 情報源 お知りになったきっかけ きっかけ source leadsource channel origin utmsource
        originalsource
    """,
    "lead.target_list": """
        架電リスト リスト リスト名 ターゲットリスト コールリスト list listname targetlist campaign
        キャンペーン キャンペーン名
    """,
    "lead.segment": "セグメント segment 区分 顧客区分 ランク",
    "lead.received_at": """
        受領日時 受領日 獲得日 獲得日時 登録日 登録日時 作成日 作成日時 問い合わせ日 問合せ日
        問い合わせ日時 問合せ日時 お問い合わせ日時 申込日 申込日時 資料請求日 来場日 受付日 受付日時
        回答日時 タイムスタンプ 送信日時 発生日 createdat created createddate createdate receivedat
        received date timestamp submittedat inquirydate
    """,
    "lead.owner_id": """
        担当 営業担当 営業担当者 自社担当 自社担当者 弊社担当 弊社担当者 社内担当 社内担当者 is担当
        is担当者 所有者 リード所有者 オーナー owner leadowner assignedto assignee salesrep rep
    """,
    "lead.need": "ニーズ ご要望 要望 相談内容 ご相談内容 need needs requirement requirements",
    "lead.issue": """
        課題 お困りごと 困りごと 現状の課題 課題感 お悩み issue painpoint challenge problem
    """,
    "lead.purpose": "目的 導入目的 利用目的 purpose goal",
    "lead.current_method": """
        現在の管理方法 現状の運用 現在の運用 現在の方法 現行システム 利用中サービス currentmethod
        currentsolution
    """,
    "lead.adoption_timing": """
        検討時期 導入時期 導入予定時期 導入検討時期 検討段階 ご検討時期 導入希望時期 時期 timing timeline
        timeframe purchasetimeframe adoptiontiming
    """,
    "lead.adoption_at": "検討時期日付 導入予定日 導入希望日 利用開始予定日 adoptiondate startdate",
    "lead.budget": "予算 予算感 ご予算 予算規模 budget",
    "lead.budget_month": "予算月 予算策定月 予算時期 決算月 期初月 budgetmonth fiscalmonth",
    "lead.decision_maker": "決裁者 決裁権 意思決定者 決裁権限 decisionmaker",
    "lead.decision_route": "決裁ルート 決裁フロー 稟議ルート 決裁経路 decisionroute decisionprocess",
    "lead.competitor": """
        競合 競合製品 競合他社 比較製品 比較検討先 利用中の競合 competitor competitors
    """,
    "lead.contract_end": """
        現契約の満了 契約満了日 契約終了日 契約更新日 更新月 契約満了 contractend renewaldate
        contractenddate
    """,
    "lead.interest_product": """
        関心製品 興味製品 興味のある製品 関心領域 対象製品 製品 商材 興味関心 ダウンロード資料 資料名
        product interest productinterest
    """,
    "lead.temperature": "温度感 確度感 温度 temperature rating",
    "lead.issue_hypothesis": "課題仮説 仮説 issuehypothesis",
    "lead.is_memo": """
        ismemo isメモ メモ 備考 備考欄 コメント お問い合わせ内容 問い合わせ内容 問合せ内容 自由記入
        自由記述 特記事項 note notes memo remarks comment comments description message
    """,
    "lead.dnc": """
        架電禁止 架電ng 電話ng ng tel不可 電話不可 コールng 架電不可 連絡不要 dnc donotcall nocall
    """,
    "lead.email_opt_out": """
        配信停止 メール配信停止 オプトアウト メールng メール不可 配信不可 配信拒否 optout emailoptout
        unsubscribed hasoptedoutofemail
    """,
}
"""Headers by target, separated by blanks, as `isdesk.files.targets.header_key` writes them."""
